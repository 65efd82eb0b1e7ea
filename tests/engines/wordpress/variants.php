<?php
// One installation, shown in several ways: by the theme and with the API that the environment says.
$theme = getenv('ENGINE_THEME');
if ($theme) {
    add_filter('template', fn() => $theme);
    add_filter('stylesheet', fn() => $theme);
}
if (getenv('ENGINE_API') === 'shut') {
    add_filter(
        'rest_authentication_errors',
        fn() => new WP_Error('rest_not_logged_in', 'Members only.', ['status' => 401])
    );
}

"""English texts of a report."""

from __future__ import annotations

from exports.texts.language import Texts, values_in
from wildcrawl.labels import FIELDS, labels_in

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

_COLUMNS = {
    **labels_in("en", FIELDS),
    "kind": "Price given as",
    "max_cny": "Highest, RMB",
    "max_usd": "Highest, USD",
    "median_cny": "Median, RMB",
    "median_usd": "Median, USD",
    "min_cny": "Lowest, RMB",
    "min_usd": "Lowest, USD",
    "share_percent": "Share",
    "accounts": "Accounts",
    "average_advertisements": "Advertisements a day",
    "average_images_and_videos": "Images and videos a day",
    "advertisements_before": "Advertisements a day, year before",
    "advertisements_now": "Advertisements a day",
    "advertisements_change_percent": "Change",
    "images_and_videos_before": "Images and videos a day, year before",
    "images_and_videos_now": "Images and videos a day",
    "images_and_videos_change_percent": "Change",
    "change_percent": "Change on the year before",
    "social_summary.change_percent": "Advertisements, change on the year before",
    "social_summary.images_and_videos_change_percent": (
        "Images and videos, change on the year before"
    ),
    "average_advertisements_before": "Advertisements, year before",
    "average_images_and_videos_before": "Images and videos, year before",
    "percent_of_first_year": "Percent of first year",
    "monthly_average": "Monthly average",
    "lowest": "Fewest",
    "lowest_month": "Fewest in",
    "highest": "Most",
    "highest_month": "Most in",
    "images_and_videos": "Images and videos",
    "notified": "Notified",
    "removed": "Removed",
    "not_sent": "Not marked as sent",
    "median_days": "Median days",
    "removed_within_7_days": "Within 7 days",
    "removed_within_30_days": "Within 30 days",
    "still_up": "Still up",
    "removals.unknown": "Not known",
    "agreement.sample": "Judged by two",
    "agreed": "Agreed",
    "agreed_percent": "Agreed, percent",
    "kappa": "Cohen's kappa",
    "kappa_low": "Kappa at least",
    "kappa_high": "Kappa at most",
    "unsettled": "Disagreements left",
    "notified.notified": "Notified on",
    "notice": "Notice of",
    "sent": "Sent on",
    "state": "Status",
    "checked": "Last rechecked on",
    "days": "Days until removed",
    "social_accounts.status": "Status",
    "sites": "Websites",
    "sites_not_searched": "Websites not searched",
    "not_searched": "Not searched",
    "months_not_searched": "Months not searched",
    "months_searched": "Months counted",
    "same_sites": "Same websites",
    "before": "Compared with",
    "advertisements_then": "Advertisements then",
    "comparisons.change_percent": "Change",
    "sites_in_both": "Websites in both",
    "same_sites_then": "Same websites then",
    "same_sites_change_percent": "Change on the same websites",
    "waiting.waiting": "Waiting",
    "reason": "What it was",
    "coverage.species": "Species",
    "fixed_sites": "Fixed websites",
    "fixed_searches": "Fixed searches",
    "without_keyword": "Keyword not recorded",
    "keyword": "Keyword",
    "range_cny": "Lowest to highest, RMB",
    "range_usd": "Lowest to highest, USD",
    "expected_low": "Expected, from",
    "expected_high": "Expected, to",
    "against_expected": "Against the range",
    "months_before": "Months known",
    "season_low": "Same month, fewest",
    "season_high": "Same month, most",
    "against_season": "Against earlier years",
    "series": "Species or website",
    "season_years": "Years known",
    "figure": "Figure",
    "number": "Number",
    "out_of": "Out of",
    "low_percent": "At least",
    "high_percent": "At most",
    "removed_before_sent": "Removed before sending",
    "not_yet_7_days": "7 days not over",
    "not_yet_30_days": "30 days not over",
    "unclear_7_days": "Unclear at 7 days",
    "unclear_30_days": "Unclear at 30 days",
    "reposted": "Reposted",
    "original_site": "Removed from",
    "original_id": "Removed advertisement",
    "reposts.removed": "Removed on",
    "reposts.site": "Reposted on",
    "recorded": "Recorded",
    "how": "The same",
}

_VALUES = {
    **values_in("en"),
    "reason.none": "not recorded",
    "contact.phone": "telephone numbers",
    "contact.wechat": "WeChat accounts",
    "contact.qq": "QQ numbers",
    "contact.email": "e-mail addresses",
    "contact.messenger": "other accounts",
    "contact.address": "contacts in web addresses",
    "contact.postal": "postal addresses",
    "contact.id_card": "identity card numbers",
    "contact.bank_card": "bank card numbers",
    "unknown": "not stated",
    "age.old": "old",
    "age.new": "new",
    "age.none": "no claim",
    "none": "no claim",
    "web": "websites",
    "social": "social media",
    "old_claims": "old, of the ages claimed",
    "missed": "valid, of those set aside",
    "within": "within",
    "between": "between",
    "highest": "highest",
    "lowest": "lowest",
    "above": "above",
    "below": "below",
    "too_little": "too little history",
    "not_searched": "not searched",
    "not_judged": "too few judged",
    "not_over": "month not over",
    "text": "text",
    "picture": "photograph",
    "state.removed": "removed",
    "state.up": "still up",
    "state.unknown": "not known",
    "search.no_run": "no run",
    "search.unfinished": "run not finished",
    "search.limited": "limited to some pages",
}

_PHRASES = {
    "calendar.month": "{month} {year}",
    "calendar.day": "{day} {month} {year}",
    "calendar.period": "{first} to {last}",
    "calendar.in": "in {period}",
    "calendar.from": "from {period}",
    "advertisements.one": "{number} new advertisement",
    "advertisements.many": "{number} new advertisements",
    "websites.one": "{number} monitored website",
    "websites.many": "{number} monitored websites",
    "kicker": "Wildlife trade monitoring",
    "heading": "New advertisements",
    "title": "New advertisements, {period}",
    "counted_valid": "advertisements confirmed by an analyst",
    "counted_pending": (
        "advertisements confirmed by an analyst and those that wait for a verdict (pending)"
    ),
    "pending_mark": " (pending included)",
    "provisional_mark": " (provisional)",
    "pending_badge": "pending included",
    "provisional_badge": "provisional",
    "provisional_banner": "Provisional: {reasons}.",
    "banner_and": ", and ",
    "banner_waiting": (
        "advertisements still wait for a verdict, so the figures marked provisional will change"
    ),
    "banner_gaps": "no search of a website was completed in {months}",
    "banner_site.one": "{sites} was not searched in {months}",
    "banner_site.many": "{sites} were not searched in {months}",
    "banner_site_part.one": "{sites} was not searched completely in {months}",
    "banner_site_part.many": "{sites} were not searched completely in {months}",
    "banner_missed": "not every monitored website was searched completely in {months}",
    "provisional.one": (
        "Provisional: in {months}, {waiting} of the {all} advertisements to be judged still "
        "waits for a verdict ({percent}%)."
    ),
    "provisional.many": (
        "Provisional: in {months}, {waiting} of the {all} advertisements to be judged still wait "
        "for a verdict ({percent}%)."
    ),
    "provisional_raised.one": (
        "The queue also has {number} that the second reader raised; it is not counted without a "
        "verdict."
    ),
    "provisional_raised.many": (
        "The queue also has {number} that the second reader raised; they are not counted without "
        "a verdict."
    ),
    "provisional_total.one": (
        "So far {advertisements} has been judged valid, on {carrying} of {monitored}."
    ),
    "provisional_total.many": (
        "So far {advertisements} have been judged valid, on {carrying} of {monitored}."
    ),
    "provisional_total_everywhere.one": (
        "So far {advertisements} has been judged valid, on all {monitored}."
    ),
    "provisional_total_everywhere.many": (
        "So far {advertisements} have been judged valid, on all {monitored}."
    ),
    "provisional_pending.one": (
        "With those not yet judged, {advertisements} is counted, on {carrying} of {monitored}."
    ),
    "provisional_pending.many": (
        "With those not yet judged, {advertisements} are counted, on {carrying} of {monitored}."
    ),
    "provisional_pending_everywhere.one": (
        "With those not yet judged, {advertisements} is counted, on all {monitored}."
    ),
    "provisional_pending_everywhere.many": (
        "With those not yet judged, {advertisements} are counted, on all {monitored}."
    ),
    "provisional_until": "Until they are judged, this summary makes no comparisons.",
    "judge_them": "They are judged at the desk (scrapy desk).",
    "retag_them": "scrapy retag --dry-run shows what the present rules would change.",
    "compare_them": "scrapy look compares what was not compared with removed advertisements.",
    "waiting_where.one": (
        "In all, {number} awaits a verdict: by website, {sites}; by species, {species}."
    ),
    "waiting_where.many": (
        "In all, {number} await a verdict: by website, {sites}; by species, {species}."
    ),
    "named_number": "{name} ({number})",
    "more_sites.one": "1 more website",
    "more_sites.many": "{number} more websites",
    "more_months.one": "1 more month",
    "more_months.many": "{number} more months",
    "more_species.one": "1 more species",
    "more_species.many": "{number} more species",
    "gaps": "No search of a website was completed in {months}: a gap, not a zero.",
    "missed.one": "{number} monitored website was not searched: {sites}.",
    "missed.many": "{number} monitored websites were not searched: {sites}.",
    "missed_part.one": "{number} monitored website was not searched completely: {sites}.",
    "missed_part.many": "{number} monitored websites were not searched completely: {sites}.",
    "missed_months": (
        "Not every monitored website was searched completely in {months}; missed "
        "in whole or in part: {sites}."
    ),
    "keywords_missed": "Of the {all} keywords in use, {number} were searched.",
    "keywords_missed_months": "Not every keyword in use was searched in {months}.",
    "missed_site": "{site} ({reason})",
    "running": (
        "{month} was not over when this report was made: its numbers will grow, so it is left out "
        "of comparisons and averages."
    ),
    "pending_banner": "All figures include advertisements that have not been judged yet.",
    "made": "Generated on {day}, {time} (UTC+8)",
    "csv": "CSV",
    "csv_of": "CSV: {name}",
    "no_rows": "No rows in this period.",
    "not_known": "No search was completed in this period, so there are no numbers.",
    "folded": "{number} websites with 0: {names}",
    "none_counted": "No advertisements were counted {during}.",
    "some_wait.one": "{advertisements} of the period waits for a verdict.",
    "some_wait.many": "{advertisements} of the period wait for a verdict.",
    "some_wait_month.one": "{advertisements} of the month waits for a verdict.",
    "some_wait_month.many": "{advertisements} of the month wait for a verdict.",
    "count_them": "To count them as well, export with --include-pending.",
    "total.one": "{advertisements} was recorded {during}, on {carrying} of {monitored}.",
    "total.many": "{advertisements} were recorded {during}, on {carrying} of {monitored}.",
    "total_alone.one": (
        "{advertisements} was recorded {during}, on {site}, the only website monitored."
    ),
    "total_alone.many": (
        "{advertisements} were recorded {during}, on {site}, the only website monitored."
    ),
    "total_everywhere.one": "{advertisements} was recorded {during}, on all {monitored}.",
    "total_everywhere.many": "{advertisements} were recorded {during}, on all {monitored}.",
    "average": (
        "On average there were {average} a month; the most in {high} ({most}), "
        "the fewest in {low} ({fewest})."
    ),
    "average_searched": (
        "The {number} months with a search averaged {average}, from {fewest} ({low}) to {most} "
        "({high})."
    ),
    "average_complete": (
        "The {number} months in which every monitored website was searched averaged {average}, "
        "from {fewest} ({low}) to {most} ({high})."
    ),
    "average_low": (
        "In some of these months a monitored website was not searched, so the average and the "
        "fewest may be too low."
    ),
    "years_low.one": (
        "In {number} month of these years a monitored website was not searched, so its average "
        "may be too low."
    ),
    "years_low.many": (
        "In {number} months of these years a monitored website was not searched, so the averages "
        "may be too low."
    ),
    "compared_here": "That is {change} than in {before} ({then}).",
    "compared_here_same": "That is as many as in {before}.",
    "compared_here_nothing": "{before} had none.",
    "compared": "{month} had {now}, {change} than {before} ({then}).",
    "compared_same": "{month} had {now}, as many as {before}.",
    "compared_nothing": "{month} had {now}; {before} had none.",
    "more": "{percent}% more",
    "equal": "the same number of",
    "fewer": "{percent}% fewer",
    "only_in": "only in {month}: {sites}",
    "only_and": "; ",
    "sites_differ": "The websites searched differ: {only}.",
    "keywords_differ": "The keywords searched differ: {now} in {month}, {then} in {before}.",
    "no_same_sites": "No website was searched in both months.",
    "same_sites_of.one": "the one website searched in both",
    "same_sites_of.many": "the {number} websites searched in both",
    "on_same": "On {sites}, {month} had {now}, {change} than {before} ({then}).",
    "on_same_same": "On {sites}, {month} had {now}, as many as {before}.",
    "on_same_nothing": "On {sites}, {month} had {now}; {before} had none.",
    "not_compared.gap": (
        "No search was completed in {before}, so {month} is not compared with it."
    ),
    "not_compared.unjudged": (
        "Too many advertisements of {before} wait for a verdict to compare {month} with it."
    ),
    "between": "Between these two months,",
    "between_same": "On the websites searched in both months,",
    "again": "Compared with {before} ({then}), {month} recorded {change}.",
    "again_same": "{before} had {now} too.",
    "again_nothing": "{before} had none.",
    "moved": (
        "{between} {rose} rose most, from {rose_then} to {rose_now}, and "
        "{fell} fell most, from {fell_then} to {fell_now}."
    ),
    "only_rose": "{between} {rose} rose most, from {rose_then} to {rose_now}.",
    "only_fell": "{between} {fell} fell most, from {fell_then} to {fell_now}.",
    "years": "{year} had {number}, or {average} a month, {change} than {before} ({then} a month).",
    "years_same": "{year} had {number}, or {average} a month, as many as {before}.",
    "first_year": "The monthly average of {year} is {percent}% of that of {first}.",
    "first_year_part": (
        "The monthly average of {year} is {percent}% of that of {first}, which has only {months} "
        "months here."
    ),
    "season_fewest": "Of the {name} figures since {since}, that of {year} was the lowest.",
    "season_most": "Of the {name} figures since {since}, that of {year} was the highest.",
    "above": "{month} was above the range expected from the preceding months ({low} to {high}).",
    "below": "{month} was below the range expected from the preceding months ({low} to {high}).",
    "marked_above.one": "{months} was above the range expected from the preceding months.",
    "marked_above.many": "{months} were above the range expected from the preceding months.",
    "marked_below.one": "{months} was below the range expected from the preceding months.",
    "marked_below.many": "{months} were below the range expected from the preceding months.",
    "leading_species": "{species} accounted for the largest share, {share}% ({number}).",
    "leading_tie": "{species} accounted for the largest shares, {share}% ({number}) each.",
    "leading_two": (
        "{species} accounted for the largest share, {share}% ({number}), followed by {second} "
        "with {second_share}%."
    ),
    "leading_site": (
        "The leading website, {site}, accounted for {share}% of all advertisements ({number})."
    ),
    "leading_sites": (
        "The leading websites, {site}, accounted for {share}% of all advertisements each "
        "({number})."
    ),
    "figure_total.one": "new advertisement",
    "figure_total.many": "new advertisements",
    "figure_change": "{month} against {before}",
    "figure_change_same": "{month} against {before}, on the websites searched in both",
    "figure_waiting.one": "waits for a verdict",
    "figure_waiting.many": "wait for a verdict",
    "figure_years": "{year} against {before}, by monthly average",
    "figure_species": "{species}, share of all",
    "figure_site": "{site}, share of all",
    "figure_species_each": "{species}, share of each",
    "figure_site_each": "{site}, share of each",
    "all": "All",
    "photographs": "Photographs",
    "photographs.note": (
        "Pictures from advertisements, as they were captured. Parts are covered so that nobody "
        "can be recognised or contacted. What species a picture shows was not determined."
    ),
    "photographs.alt": "{species} as offered on {site}",
    "photographs.thing": "An item",
    "photographs.source": "From an advertisement on {site}, captured on {day}.",
    "recommendations": "Recommendations",
    "cite": "How to cite: {text}",
    "licence": "Licence: {text}",
    "contact": "Contact: {text}",
    "contents": "Contents",
    "figure_link": "link",
    "figure_rows": "rows (CSV)",
    "in_the_file": "On paper this table is left out: its {rows} rows are in {file}.",
    "chart_months": "Advertisements a month",
    "chart_months_alt": "Line chart of all advertisements a month.",
    "chart_band": "expected range",
    "chart_band_alt": "Outside the expected range: {months}.",
    "chart_gap": "Hatched: not searched.",
    "chart_missed": "Triangles: not every monitored website was searched completely.",
    "chart_missed_month": "Not searched completely: {sites}.",
    "chart_comparable": "Advertisements a month: all, and on a fixed set of websites and keywords",
    "chart_comparable_alt": (
        "Line chart of all advertisements a month, and of those on a fixed set of websites and "
        "keywords."
    ),
    "chart_fixed_sites": "Fixed websites",
    "chart_fixed_searches": "Fixed searches",
    "chart_fixed_both": "Fixed set",
    "chart_site_years": "Advertisements and species on each website, by year",
    "chart_site_years_alt": "Bars of the species on each website in each year, with the number.",
    "chart_site_month": "Advertisements and species on each website",
    "chart_site_month_alt": "Bars of the species on each website, with the number.",
    "chart_site_years_none": "{sign}: the website was not monitored or not searched in that year.",
    "chart_panel.one": "Dashed: on the one website that was searched in every month.",
    "chart_panel.many": "Dashed: on the {number} websites that were searched in every month.",
    "chart_searched": "Dashed: websites that were searched, of those monitored.",
    "chart_not_searched": "not searched",
    "chart_provisional": "Provisional: {months}.",
    "chart_events_alt": "Events: {events}.",
    "chart_leading": "Advertisements a month: all and the leading species",
    "chart_leading_alt": "Line chart of advertisements a month, in all and by leading species.",
    "chart_species": "Advertisements a month by species, each on a scale of its own",
    "chart_species_alt": "Small line charts of advertisements a month, one for each species.",
    "chart_species_total": "{number} in all",
    "chart_one_month": "Advertisements in {period}, by species",
    "chart_one_month_alt": "Bar chart of the advertisements in {period}, in all and by species.",
    "chart_series_alt": "{name}: {low} to {high} a month, {last} in {month}.",
    "chart_bar_alt": "{name}: {number}.",
    "chart_growth": "What was monitored: species, keywords and websites",
    "chart_growth_alt": "Three small line charts of what was monitored by each month.",
    "chart_growth_each": "{name}: {first} in {start}, {last} in {end}.",
    "chart_yearly": "Advertisements a month, on average of each year",
    "chart_yearly_alt": "Bar chart of the monthly average of each year.",
    "chart_stack": "Advertisements by species",
    "chart_stack_alt": "Stacked bars of advertisements by species.",
    "chart_share": "Share of each species, in percent",
    "chart_share_alt": "Stacked bars of the share of each species, in percent.",
    "chart_stack_each": "{name}: {number} in {last}.",
    "chart_part_year": "{year} ({months} months)",
    "chart_products_web": "On websites",
    "chart_products_social": "On social media",
    "chart_products_name": "{channel}, {species}",
    "chart_rest": "Others",
    "chart_rest_sites": "{number} others",
    "chart_products": "Product types, in percent of each species' advertisements",
    "chart_products_alt": "Stacked bars of the share of each product type, in percent.",
    "chart_prices": "Prices asked, in RMB: lowest, median and highest",
    "chart_prices_alt": "Chart of prices on a log scale, by species and age claimed.",
    "chart_prices_each": "{name}: {low} to {high}, median {middle}.",
    "chart_prices_middle": "{name}: {number}",
    "chart_prices_name": "{species}, {age}",
    "chart_prices_gram": "{species}, {age}, per gram",
    "chart_sites": "Share of each website",
    "chart_sites_alt": "Bar chart of the share of each website, in percent.",
    "monthly.title": "Advertisements by month",
    "monthly.note": (
        "Each advertisement counts once, in the month it was first recorded, and under one "
        "species; so the species add up to the total."
    ),
    "monthly.band": (
        "The grey band is the range expected from the preceding months; a month outside it is "
        "marked."
    ),
    "site_species.title": "Species on each website, by year",
    "site_species.title.alone": "Species on each website",
    "site_species.note.alone": (
        "Shares are of the website's advertisements; species without any are not listed."
    ),
    "site_species.note": (
        "Shares are of the website's advertisements of that year, as far as its months are in this "
        "report; species without any are not listed."
    ),
    "yearly.title": "Advertisements by year",
    "yearly.note": (
        "Years are compared by their monthly averages, over the months that this report counts; "
        "so an incomplete year can be compared with a full one."
    ),
    "yearly.differ": "The websites and keywords searched are not the same in all of these months.",
    "keywords.one": "{number} keyword",
    "keywords.many": "{number} keywords",
    "comparable.title": "Comparable over time",
    "comparable.note": (
        "More websites and keywords find more advertisements. The fixed websites were searched in "
        "every month of this period with a search, each time completely; the fixed searches are "
        "those of keywords that were searched on such a website in all of these months. Imported "
        "records count as a search for all keywords in use."
    ),
    "comparable.set": (
        "The fixed set has {number} of {monitored} ({sites}) and {keywords}, over "
        "{months} months with a search; comparable_searches.csv lists them."
    ),
    "comparable.set_all": (
        "The fixed set has all {monitored} ({sites}) and {keywords}, over {months} months with a "
        "search; comparable_searches.csv lists them."
    ),
    "comparable.none": (
        "No website was searched in each of the {months} months with a search, so there is no "
        "comparable series."
    ),
    "comparable.same": (
        "Every month was searched on the same {websites} for the same {keywords}, so the months "
        "can be compared directly."
    ),
    "comparable.no_keywords": "No keyword was searched on them in all of these months.",
    "comparable.unattributed": (
        "By which keyword advertisements were found is not recorded, so the fixed searches have no "
        "series."
    ),
    "comparable.without.one": (
        "By which keyword {number} advertisement on these websites was found is not recorded; no "
        "fixed search counts it."
    ),
    "comparable.without.many": (
        "By which keyword {number} advertisements on these websites were found is not recorded; no "
        "fixed search counts them."
    ),
    "comparable_searches.link": "the fixed set",
    "fixed_searches.years": (
        "By the fixed searches, {year} had {now} a month on average, {change} than {before} "
        "({then})."
    ),
    "fixed_searches.years_plain": (
        "By the fixed searches, {year} had {now} a month on average and {before} {then}."
    ),
    "fixed_sites.years": (
        "On the fixed websites, {year} had {now} a month on average, {change} than {before} "
        "({then})."
    ),
    "fixed_sites.years_plain": (
        "On the fixed websites, {year} had {now} a month on average and {before} {then}."
    ),
    "comparable_searches.title": "Fixed websites and keywords",
    "comparable_searches.what": (
        "What was searched in every month of the period with a search: each website with a keyword."
    ),
    "expected.not_over": "{month} is not compared: it was not over when this report was made.",
    "expected.not_judged": "{month} is not compared: too much of it waits for a verdict.",
    "expected.not_searched": "{month} is not compared: no search was completed in it.",
    "expected.too_little": (
        "{month} is not compared: too few preceding months and earlier years have figures."
    ),
    "expected.what": (
        "The last month for each species and website, against the range expected from the "
        "preceding months and the same month of earlier years."
    ),
    "expected.title": "Compared with what was expected",
    "expected.note": (
        "{month}, for each species and website. The range is estimated from the preceding "
        "months, as for all advertisements (see the notes); it needs figures of {level} months "
        "among the last {window}. With many series, a few lie outside the range by chance."
    ),
    "expected.seasons": (
        "The last columns compare with the same month of earlier years, and need {seasons} of them."
    ),
    "expected.no_seasons": (
        "There is no comparison with the same month of earlier years, which needs {seasons} of "
        "them."
    ),
    "sampled.title": "Sampled figures by year",
    "sampled.note": (
        "A share of a sample is uncertain: the last two columns are Wilson's 95% interval. Old "
        "claims are a share of the advertisements that claim an age; the total is all "
        "advertisements. Valid ones among those set aside are a share of the audited sample that "
        "was judged; the total is all that were set aside. Of each year, only the months of this "
        "report count."
    ),
    "notified.link": "each advertisement",
    "reposts.title": "Reposted after removal",
    "reposts.note": (
        "Later advertisements with nearly the same text as a removed one, or with the same "
        "photograph. Those judged irrelevant or fake are listed, but not counted."
    ),
    "reposts.said.one": (
        "Of those removed, {number} was posted again as another advertisement, with nearly the "
        "same text or the same photograph."
    ),
    "reposts.said.many": (
        "Of those removed, {number} were posted again as another advertisement, with nearly the "
        "same text or the same photograph."
    ),
    "reposts.none": "None of those removed was found posted again as another advertisement.",
    "reposts.partly": (
        "Of {checked} later advertisements only {compared} were compared with them."
    ),
    "reposts.unknown": (
        "Whether those removed were posted again is not known: later advertisements were not "
        "compared with them."
    ),
    "removals.not_yet": (
        "Counted separately are those not removed whose term is not over: {week} for 7 days, "
        "{month} for 30."
    ),
    "removals.not_yet_30": (
        "Counted separately are those not removed whose 30 days are not over: {month}."
    ),
    "removals.unclear_7": (
        "For {week} it is not clear whether they were removed within 7 days, because no recheck "
        "shows it."
    ),
    "removals.unclear_30": (
        "For {month} it is not clear whether they were removed within 30 days, because no recheck "
        "shows it."
    ),
    "removals.unclear": (
        "For {week} it is not clear whether they were removed within 7 days, and for {month} "
        "whether within 30, because no recheck shows it."
    ),
    "extremes.title": "Fewest and most in a month",
    "extremes.note": (
        "Of months with the same number, the first is named. Months before a species was "
        "searched for count as 0. Months of which too much waits for a verdict, and "
        "months in which a monitored website was not searched, are left out, unless that is so in "
        "every month."
    ),
    "age_claims.title": "Age claimed",
    "age_claims.note": (
        "The seller's word: old means made before 1949, new means modern. The sample is how many "
        "advertisements claim an age; shares are of the sample."
    ),
    "product_types.title": "Product types",
    "product_types.note": "Shares are of the species' advertisements on that channel.",
    "product_types.note.alone": "Shares are of the species' advertisements on websites.",
    "social_surveys.title": "Social media surveys",
    "social_surveys.note": "Each survey counts for 24 hours over a fixed list of accounts.",
    "social_summary.title": "Social media by year",
    "social_summary.note": "Averages are of the surveys of a year, each of 24 hours.",
    "social_summary.year": "{year}",
    "social_summary.part": "{year} up to {month}",
    "social_summary.said.one": (
        "The one survey of {named} counted {ads} advertisements and {media} images "
        "and videos a day."
    ),
    "social_summary.said.many": (
        "The {surveys} surveys of {named} counted {ads} advertisements and {media} "
        "images and videos a day on average."
    ),
    "social_summary.change": (
        "Compared with {before} ({ads_before} advertisements and {media_before} images and "
        "videos a day), that is {ads} advertisements and {media} images and videos."
    ),
    "social_summary.unfinished": (
        "Survey {survey} is not complete: {finished} of {active} active accounts are finished, and "
        "what the others advertised may be missing."
    ),
    "social_summary.rejected": (
        "Survey {survey} is not complete: rows of its file that were rejected and not read again: "
        "{rows}."
    ),
    "social_accounts.title": "Social media accounts",
    "social_accounts.note": (
        "Daily averages cover the accounts that were active in {year} and in the year before."
    ),
    "agreement.title": "Agreement between analysts",
    "agreement.note": (
        "A sample, chosen by a hash, was judged by two analysts independently. Kappa is 1 if "
        "they always agree and 0 if no more often than by chance; the interval is one of 95%. It "
        "has no number if every verdict is the same."
    ),
    "removals.title": "Removed after notice",
    "removals.note": (
        "Advertisements of this period notified to operators, and their status at the last "
        "recheck. Days count from the day on which the letter was sent to the recheck that found "
        "the advertisement removed, so the removal may have come earlier. “Not known”: not yet "
        "rechecked, or the recheck was inconclusive."
    ),
    "removals.in_file": "The file {file} lists each of them.",
    "removals.in_sheet": "The sheet “{sheet}” lists each of them.",
    "removals.median": "The median was {days} days.",
    "removals.not_sent": (
        "Of those notified, {number} are in letters that are not marked as sent, and are left "
        "out of the counts of days."
    ),
    "removals.drafted": (
        "Letters to operators on {notified} were written, but none is marked as sent: {removed} "
        "({percent}%) had been removed when last rechecked, {up} remained up, and the status of "
        "{unknown} is not known."
    ),
    "removals.drafted_unknown": (
        "Letters to operators on {notified} were written, but none is marked as sent, and no "
        "recheck shows the status of any."
    ),
    "removals.said_unknown": (
        "Operators were notified of {notified}; no recheck shows the status of any yet."
    ),
    "removals.said": (
        "Operators were notified of {notified}: {removed} ({percent}%) had been removed when last "
        "rechecked, {week} within 7 days and {month} within 30; {up} remained up, and the status "
        "of {unknown} is not known."
    ),
    "species_share.title": "Share by species",
    "species_share.note": ("“{general}”: the advertisement names no particular species."),
    "site_share.title": "Share by website",
    "site_share.missed": (
        "Those without a number were not searched in this period; the last column counts months."
    ),
    "site_share.note": "Monitored websites without advertisements are listed with 0.",
    "prices.title": "Prices asked",
    "prices.note": (
        "What sellers ask, not what buyers pay. Product and age are as the seller claims: old "
        "means made before 1949, new means modern. A sample of one has no range. Advertisements "
        "that name several species are left out, since their price is for all of them."
    ),
    "prices.several.one": "In this period that is {number} price.",
    "prices.several.many": "In this period that is {number} prices.",
    "price_kinds.title": "How prices are given",
    "price_kinds.note": "Only amounts and prices per gram enter the table of prices.",
    "coverage.title": "What was monitored",
    "coverage.note": (
        "Websites, search keywords and species in use by each month; general keywords count "
        "only as keywords."
    ),
    "coverage.searched": (
        "A website that was not searched, or only in a run that was thin (cut short), broken (its "
        "pages could not be read), blocked (the website refused it) or killed (stopped before its "
        "end), is a gap in its month, not a zero."
    ),
    "comparisons.title": "Months compared on the same websites",
    "comparisons.note": (
        "Each month against the one before it; the last one also against the same month a year "
        "before, if that is known."
    ),
    "comparisons.differ": (
        "The websites or keywords searched were not the same in every month. The last columns "
        "count only the websites that were searched in both months."
    ),
    "ruled_out.title": "Advertisements ruled out",
    "ruled_out.note": (
        "Advertisements of this period that an analyst judged irrelevant or fake, and what they "
        "were instead, where that was recorded."
    ),
    "waiting.title": "Advertisements that wait for a verdict",
    "waiting.note": "Advertisements of this period that have not been judged yet.",
    "advertisements.title": "The newest advertisements",
    "advertisements.note": (
        "The latest {shown} of {total}. Addresses are printed as text and are not links."
    ),
    "advertisements.file": "The file has all of them, with every column.",
    "notes.title": "Method and notes",
    "notes.counting": (
        "This report counts {counted}. Each counts once, in the calendar month in China (UTC+8) in "
        "which it was first recorded; when it is seen again it does not count again. "
        "Advertisements are counted, not products."
    ),
    "notes.verdict": (
        "Searches are automated or manual; their results are reviewed by an analyst. A set-aside "
        "advertisement (its own text rules it out: an imitation, a book, a request to buy) "
        "counts only if an analyst judged it valid."
    ),
    "notes.limits": (
        "The numbers are of what the keywords found on the monitored websites; they do not measure "
        "the market. Goods offered under other words, or in closed groups, or shown without a "
        "text, are found in part or not at all. No goods were examined: species, product, age "
        "and price are as advertised."
    ),
    "notes.species": (
        "A species is a group of keywords for the animal and its products, such as ivory for "
        "elephants. An advertisement that names several counts under the leading one alone."
    ),
    "notes.left_out": (
        "Left out of this period: {pending} pending, {irrelevant} judged irrelevant, "
        "{fake} judged fake, {set_aside} set aside."
    ),
    "notes.left_out_counting_pending": (
        "Left out of this period: {irrelevant} judged irrelevant, {fake} judged fake, "
        "{set_aside} set aside."
    ),
    "notes.none_left_out": "No advertisement of this period is left out.",
    "notes.not_stored": "A further {number} matched no keyword and were not kept.",
    "notes.not_stored_at_most": (
        "At most {number} further ones matched no keyword and were not kept; one that several "
        "searches of its site found counts in each."
    ),
    "notes.unmonitored": (
        "Counted in months in which no keyword of the species was monitored: {species}. This "
        "contradicts the coverage table; correct since and until in the vocabulary, or the dates "
        "of these records."
    ),
    "notes.unmonitored_species": "{species} {number} ({months})",
    "notes.other_rules": (
        "{number} advertisements on record were tagged by other rules than those of the present "
        "vocabulary: {open} without a verdict, {judged} judged, which keep their tags."
    ),
    "notes.replaced": (
        "The report in another language that was in this folder is replaced; to keep both, write "
        "one to another folder with scrapy export -o."
    ),
    "notes.missed": (
        "How much the filter misses: of {aside} set aside, {judged} from the audited 2% were "
        "judged and {valid} of these are valid, {rate} (95% confidence: {low} to {high}). So an "
        "estimated {missed} valid advertisements are among those set aside ({least} to {most})."
    ),
    "notes.second_reader": (
        "A second reader (a classifier) put {raised} advertisements up for review that the rules "
        "had set aside or left unmatched; {judged} were judged, {valid} of them valid. Those "
        "without a verdict are never counted, even where pending ones are."
    ),
    "notes.none_sampled": (
        "How much the filter misses is not known: of {aside} set aside, none fell into the sample "
        "of 2% that is audited."
    ),
    "notes.not_audited": (
        "How much the filter misses is not known: of {aside} set aside, none of the audited 2% "
        "has been judged yet."
    ),
    "notes.rate": (
        "USD 1 = RMB {rate} (rate of {day}). Amounts in dollars are those recorded with each "
        "advertisement; prices per gram are converted at this rate. On this page dollars are "
        "rounded to ten cents; the files have cents."
    ),
    "notes.rates": "The amounts of this period were recorded at {rates}.",
    "notes.many_rates": (
        "The amounts of this period were recorded at {number} rates, the lowest and highest of "
        "which are {rates}."
    ),
    "notes.several_rates": (
        "Amounts in dollars were therefore converted at different rates: compare them in yuan."
    ),
    "notes.rate_of": "RMB {rate} ({day})",
    "notes.provisional": (
        "A report is provisional while more than {percent}% of a month waits for a verdict: the "
        "share is of the advertisements that were judged and those that wait."
    ),
    "notes.searched": (
        "A website counts as searched in a month if a run that began in it ended ok or quiet: the "
        "search was completed, and found advertisements, or few or none. Without any run, imported "
        "records count as its search; in an unbroken row of months with imported records, a "
        "website without records had none. Months without a search enter no average and no "
        "comparison."
    ),
    "notes.unlisted": (
        "Species groups that the vocabulary lacks, counted in columns of their own: {groups}. Add "
        "them to keywords.yaml, or export with the vocabulary that tagged them."
    ),
    "notes.contacts": (
        "Contacts of sellers are hidden (▒▒▒) in all texts and addresses of the counted "
        "advertisements, here and in the files: {number} ({kinds})."
    ),
    "notes.contacts_hidden": "Contacts of sellers are hidden (▒▒▒).",
    "notes.no_contacts": (
        "No contacts of sellers were recognised in the texts and addresses of the counted "
        "advertisements; any would be hidden (▒▒▒) here and in the files. Contacts "
        "within pictures are no part of this count."
    ),
    "notes.rounding": (
        "Shares and changes are rounded to one decimal, so a column may add up to 99.9 or 100.1."
    ),
    "notes.same_rows": (
        "Each table has the rows of its CSV file in the folder csv; of the advertisements the "
        "newest are shown."
    ),
    "notes.band": (
        "Expected range: the median of the preceding six months, plus or minus three standard "
        "deviations, estimated from how far the months of the last year were from it."
    ),
    "notes.events": "Events on the time axis: {events}.",
    "notes.event": "{label} ({day})",
    "months.title": "Month by month",
    "months.note": "Each month of the period has a page of its own.",
    "back": "The whole period, with its files",
    "earlier": "Earlier: {month}",
    "later": "Later: {month}",
    "book.cover": "Cover",
    "book.figures": "Charts",
    "book.notes": "Notes",
    "book.contents": "Sheets",
    "book.reading": "How to read this workbook",
    "book.sheet": "Sheet",
    "book.what": "What it has",
    "book.rows": "Rows",
    "book.file": "The same rows as CSV",
    "book.figures.what": "Months, species and websites, drawn from the cells of their sheets.",
    "book.notes.what": "How advertisements are found, judged and counted, and what is left out.",
    "book.reading.labels": (
        "Tables have labels in place of codes. The sheet “{sheet}” has the codes of the records."
    ),
    "book.reading.filters": "Every table has filters in its header, which remains visible.",
    "book.reading.empty": (
        "An empty cell is not a zero: it is not known, or there is nothing to share or to compare. "
        "0 means that a search found nothing."
    ),
    "book.reading.back": (
        "Verdicts typed into the sheet “{sheet}” come back by its column key: save the workbook, "
        "then run scrapy crawl records -a file=FILE."
    ),
    "book.reading.texts": (
        "A seller's text that begins like a formula has an apostrophe before it and is never "
        "calculated. A cell holds 32,767 characters; a longer text is whole in the CSV file."
    ),
    "label_of": "{column} (label)",
    "site_species.tab": "Species by website",
    "comparisons.tab": "Months compared",
    "waiting.tab": "Awaiting a verdict",
    "advertisements.tab": "advertisements",
    "notified.tab": "Notified",
    "advertisements.what": "Every counted advertisement, with the key by which verdicts come back.",
    "notified.what": (
        "Every advertisement that operators were notified of, and its status at the last recheck."
    ),
    "index.title": "Reports",
    "index.note": "All reports in this folder, the latest first.",
    "index.months": "Months",
    "index.periods": "Periods",
    "index.number.one": "{number} advertisement",
    "index.number.many": "{number} advertisements",
    "index.none": "There is no report in this folder.",
}


ENGLISH = Texts(
    lang="en",
    phrases=_PHRASES,
    columns=_COLUMNS,
    values=_VALUES,
    months=_MONTHS,
    short_months=[name[:3] for name in _MONTHS],
    between=" ",
    comma=", ",
    last=" and ",
    units=((10**9, "bn"), (10**6, "M"), (10**3, "k")),
)

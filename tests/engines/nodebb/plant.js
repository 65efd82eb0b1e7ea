// Run within a NodeBB's folder: node plant.js CONFIG PLANTED
// Posts what PLANTED says, JSON with boards and topics, into the forum of CONFIG; prints the ids
// of both, boards by their names and topics by their slugs.
'use strict';

const path = require('path');
const fs = require('fs');

const [config, planted] = process.argv.slice(2, 4).map((each) => path.resolve(each));
const here = process.cwd();
const from = (name) => require(path.join(here, name));
const nconf = from('node_modules/nconf');

nconf.file({ file: config });
nconf.defaults({
    base_dir: here,
    themes_path: path.join(here, 'node_modules'),
    views_dir: path.join(here, 'public/templates'),
    version: from('package.json').version,
    relative_path: '',
    upload_url: '/uploads/',
});

const call = (object, method, ...values) =>
    new Promise((done, fail) => {
        object[method](...values, (error, value) => (error ? fail(error) : done(value)));
    });

async function plant() {
    const { boards, topics } = JSON.parse(fs.readFileSync(planted, 'utf8'));
    await call(from('src/database'), 'init');
    const meta = from('src/meta');
    await call(meta.configs, 'init');
    Object.assign(meta.config, { minimumPostLength: 1, minimumTitleLength: 1, postDelay: 0 });
    const ids = { boards: {}, topics: {} };
    for (const name of boards) {
        const board = await call(from('src/categories'), 'create', { name, description: name });
        ids.boards[name] = String(board.cid);
    }
    for (const topic of topics) {
        const made = await call(from('src/topics'), 'post', {
            uid: 1,
            cid: ids.boards[topic.board] || topic.board,
            title: topic.title,
            content: topic.text,
            timestamp: topic.at,
        });
        ids.topics[topic.slug] = String(made.topicData.tid);
        if (topic.pinned) {
            await call(from('src/topics').tools, 'pin', made.topicData.tid, 1);
        }
    }
    console.log(JSON.stringify(ids));
    process.exit(0);
}

plant().catch((error) => {
    console.error(error);
    process.exit(1);
});

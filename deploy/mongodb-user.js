// Makes the user of wildcrawl, who may read and write its database and nothing else. The MongoDB
// image runs it once, when its volume is new.
db.getSiblingDB("wildcrawl").createUser({
  user: "wildcrawl",
  pwd: process.env.MONGODB_USER_PASSWORD,
  roles: [{ role: "readWrite", db: "wildcrawl" }],
});

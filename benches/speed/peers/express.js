// The same three answers as the portal, as one writes them with Express: a page for somebody
// who is signed in (sessions are rows, so that they can be ended), a list of their own rows,
// and a form that leads to a signed address.
const crypto = require("node:crypto");
const express = require("express");
const session = require("express-session");
const ejs = require("ejs");
const Database = require("better-sqlite3");

const [port, rows] = process.argv.slice(2).map(Number);
const db = new Database("express.db");
db.pragma("journal_mode = WAL");
db.exec(`CREATE TABLE sessions (id TEXT PRIMARY KEY, data TEXT NOT NULL);
  CREATE TABLE requests (id INTEGER PRIMARY KEY, owner TEXT, holder TEXT, kind TEXT, state TEXT, at INTEGER);
  CREATE INDEX requests_owner ON requests (owner, id);`);
const fill = db.prepare("INSERT INTO requests (owner, holder, kind, state, at) VALUES ('ana', ?, 'person', 'issued', ?)");
db.transaction(() => {
  for (let n = 0; n < rows; n++) fill.run(`CARMEN GARCÍA ${n}`, 1700000000000 + n);
})();

class Rows extends session.Store {
  constructor() {
    super();
    this.read = db.prepare("SELECT data FROM sessions WHERE id = ?").pluck();
    this.write = db.prepare("INSERT OR REPLACE INTO sessions VALUES (?, ?)");
    this.remove = db.prepare("DELETE FROM sessions WHERE id = ?");
  }
  get(id, done) {
    const data = this.read.get(id);
    done(null, data && JSON.parse(data));
  }
  set(id, data, done) {
    this.write.run(id, JSON.stringify(data));
    done();
  }
  destroy(id, done) {
    this.remove.run(id);
    done();
  }
}

const page = (content) => ejs.compile(`<!doctype html><html lang="es"><head><title><%= title %></title></head><body>
<header><span><%= user %></span><nav><ul><% for (const link of nav) { %><li><a href="<%= link.href %>"><%= link.text %></a></li><% } %></ul></nav></header>
<main>${content}</main></body></html>`);
const first = page(`<form method="post"><input type="hidden" name="csrf" value="<%= csrf %>"><% for (const one of choices) { %>
<label><input type="radio" name="kind" value="<%= one.value %>"> <%= one.label %></label><p><%= one.hint %></p><% } %><button>Continuar</button></form>`);
const list = page(`<table><% for (const row of rows) { %><tr><td><a href="/requests/<%= row.id %>"><%= row.holder %></a></td><td><%= row.kind %></td>
<td><%= row.state %></td><td><%= new Date(row.at).toLocaleDateString("es") %></td></tr><% } %></table>`);
const nav = ["Inicio", "Emitir", "Renovar", "Certificados", "Historial"].map((text) => ({ href: `/${text}`, text }));
// As many bytes as the portal's page.
const choices = Array.from({ length: 6 }, (_, n) => ({ value: n, label: `Opción ${n}`, hint: "Texto de ayuda. ".repeat(48) }));
const own = db.prepare("SELECT id, holder, kind, state, at FROM requests WHERE owner = ? ORDER BY id DESC LIMIT 20");

const app = express();
app.disable("x-powered-by");
app.use(session({ secret: "a secret of the peer", resave: false, saveUninitialized: false, store: new Rows() }));
app.use(express.urlencoded({ extended: false }));
app.get("/enter", (req, res) => {
  req.session.user = "ana";
  req.session.csrf = crypto.randomUUID();
  res.send(req.session.csrf);
});
app.use((req, res, next) => (req.session.user ? next() : res.redirect(303, "/enter")));
const shown = (req) => ({ title: "Portal", user: req.session.user, csrf: req.session.csrf, nav });
app.get("/first", (req, res) => res.send(first({ ...shown(req), choices })));
app.get("/list", (req, res) => res.send(list({ ...shown(req), rows: own.all(req.session.user) })));
app.post("/start", (req, res) => {
  if (req.body.csrf !== req.session.csrf) return res.sendStatus(403);
  const query = new URLSearchParams({ partner: "ACME", time: String(Date.now()), url: "https://portal.example/callback" });
  query.set("hmac", crypto.createHmac("sha256", "shared key").update(query.toString()).digest("base64"));
  const key = crypto.createHash("sha256").update("seal").digest();
  const cipher = crypto.createCipheriv("aes-256-gcm", key, crypto.randomBytes(12));
  const sealed = Buffer.concat([cipher.update(JSON.stringify({ at: Date.now(), go: "home" })), cipher.final(), cipher.getAuthTag()]);
  res.cookie("attempt", sealed.toString("base64url"), { httpOnly: true, sameSite: "lax" });
  res.redirect(303, `https://redtrust.example/login?${query}`);
});
app.listen(port, "127.0.0.1");

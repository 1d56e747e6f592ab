"use strict";
// What the nodes tell, as a graph and two tables. All of their text goes into the page as text, never as markup.

const EVERY = 2000; // milliseconds between looks
const SVG = "http://www.w3.org/2000/svg";
const byId = (id) => document.getElementById(id);

let before = null; // the last look, for rates
let chosen = null; // at first the node of the address's fragment, else the page's own
let asked = false;
let mesh = null;

function make(name, text, className) {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

function draw(name, attributes, className) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (className) element.setAttribute("class", className);
  return element;
}

// a long name may be cut behind its @
function breakable(name) {
  const at = name.indexOf("@") + 1;
  return [name.slice(0, at), make("wbr"), name.slice(at)];
}

function bytes(count) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  while (count >= 1000 && unit < units.length - 1) { count /= 1000; unit++; }
  return (count < 10 && unit > 0 ? count.toFixed(1) : Math.round(count)) + " " + units[unit];
}

const byName = (a, b) => a.localeCompare(b, "en", { numeric: true });
const rate = (perSecond) => perSecond === null ? "–" : bytes(perSecond) + "/s";
const days = (count) => count === null ? "–" : count === 1 ? "1 day" : count + " days";
const seconds = (millis) => millis < 10000 ? (millis / 1000).toFixed(1) + " s" : Math.round(millis / 1000) + " s";

// ---- what was told, put together

function understand(told, at) {
  const nodes = new Map();
  const node = (name) => {
    if (!nodes.has(name)) nodes.set(name, { name, told: false, links: [], absent: [], in: null, out: null, queued: 0, mailboxes: null, days: null, up: false, suspected: false });
    return nodes.get(name);
  };
  const wires = new Map();
  const wire = (a, b) => {
    const key = a < b ? a + "\n" + b : b + "\n" + a;
    if (!wires.has(key)) wires.set(key, { ends: key.split("\n"), up: false, suspected: false, rate: null, absent: false });
    return wires.get(key);
  };
  for (const report of told.nodes) {
    const one = node(report.node);
    Object.assign(one, { told: true, up: true, links: report.links, absent: report.absent, mailboxes: report.mailboxes });
    for (const link of report.links) {
      const last = before && before.bytes.get(report.node + "\n" + link.peer);
      const same = last && last.in <= link.in && last.out <= link.out && at > before.at;
      link.inRate = same ? (link.in - last.in) * 1000 / (at - before.at) : null;
      link.outRate = same ? (link.out - last.out) * 1000 / (at - before.at) : null;
      if (same) { one.in = (one.in || 0) + link.inRate; one.out = (one.out || 0) + link.outRate; }
      one.queued += link.queued;
      if (link.ownDays !== null) one.days = one.days === null ? link.ownDays : Math.min(one.days, link.ownDays);
      const other = node(link.peer);
      other.up = true;
      other.suspected = other.suspected || link.suspected;
      if (!other.told && link.peerDays !== null) other.days = other.days === null ? link.peerDays : Math.min(other.days, link.peerDays);
      const between = wire(report.node, link.peer);
      between.up = true;
      between.suspected = between.suspected || link.suspected;
      if (same) between.rate = Math.max(between.rate || 0, link.inRate + link.outRate);
    }
    for (const absent of report.absent) { node(absent.peer); wire(report.node, absent.peer).absent = true; }
  }
  for (const one of nodes.values()) {
    if (!one.told) one.links = told.nodes.flatMap((report) => report.links.filter((link) => link.peer === one.name).map((link) => turned(report.node, link)));
  }
  const counted = new Map();
  for (const report of told.nodes) for (const link of report.links) counted.set(report.node + "\n" + link.peer, link);
  before = { at, bytes: counted };
  const all = [...nodes.values()].sort((a, b) => byName(a.name, b.name));
  return { self: told.self, nodes: all, wires: [...wires.values()], at };
}

// a connection to a node that tells nothing, from its side
function turned(peer, link) {
  return Object.assign({}, link, { peer, in: link.out, out: link.in, inRate: link.outRate, outRate: link.inRate, silence: null, phi: null, dialled: !link.dialled });
}

function stateOf(node) {
  if (!node.up) return ["bad", "not reached"];
  if (node.suspected) return ["soon", "suspected"];
  return ["good", "up"];
}

// ---- showing it

function show() {
  const up = mesh.nodes.filter((node) => node.up);
  const wires = mesh.wires.filter((wire) => wire.up);
  const full = up.length * (up.length - 1) / 2;
  const suspected = up.filter((node) => node.suspected).length;
  const lost = mesh.nodes.length - up.length;
  byId("title").textContent = up.length === 1 ? "A mesh of one node" : "A mesh of " + up.length + " nodes";
  document.title = byId("title").textContent;
  byId("about").textContent = "As " + mesh.self + " and its peers tell, at " + new Date(mesh.at).toLocaleTimeString();
  let state = ["good", "All are connected"];
  if (lost > 0) state = ["bad", lost === 1 ? "1 node is not reached" : lost + " nodes are not reached"];
  else if (suspected > 0) state = ["soon", suspected === 1 ? "1 node is suspected" : suspected + " nodes are suspected"];
  else if (wires.length < full) state = ["soon", full - wires.length === 1 ? "1 connection is missing" : (full - wires.length) + " connections are missing"];
  status(state[0], state[1]);
  byId("nodes").textContent = up.length;
  byId("connections").textContent = wires.length;
  byId("connections-of").textContent = wires.length < full ? "connections of " + full : "connections";
  const rates = wires.map((wire) => wire.rate).filter((value) => value !== null);
  byId("rate").textContent = rates.length ? rate(rates.reduce((sum, value) => sum + value, 0)) : "–";
  const ending = up.filter((node) => node.days !== null).sort((a, b) => a.days - b.days)[0];
  byId("expiry").textContent = ending ? days(ending.days) : "–";
  byId("expiry-of").textContent = ending ? "until a certificate of " + ending.name + " ends" : "no certificates: not TLS";
  graph();
  table();
  detail();
  document.body.dataset.nodes = up.length;
  document.body.dataset.connections = wires.length;
}

function status(className, text) {
  byId("state").className = "state " + className;
  byId("state").textContent = text;
}

function graph() {
  const picture = byId("picture");
  const count = mesh.nodes.length;
  const many = count > 14;
  const oneHost = new Set(mesh.nodes.map((node) => node.name.split("@")[1])).size === 1;
  const label = (node) => oneHost || many ? node.name.split("@")[0] : node.name;
  const short = (text) => text.length > 22 ? text.slice(0, 21) + "…" : text;
  const center = [360, 300];
  const radius = count === 1 ? 0 : many ? 220 : 215;
  const places = new Map();
  mesh.nodes.forEach((node, i) => {
    const angle = 2 * Math.PI * i / count - Math.PI / 2;
    places.set(node.name, { x: center[0] + radius * Math.cos(angle), y: center[1] + radius * Math.sin(angle), angle });
  });
  picture.replaceChildren();
  picture.setAttribute("class", (many ? "many " : "") + (chosen && places.has(chosen) ? "focused" : ""));
  const top = Math.max(1, ...mesh.wires.map((wire) => wire.rate || 0));
  const rates = mesh.wires.map((wire) => wire.rate || 0).sort((a, b) => b - a);
  const busiest = Math.max(1000, rates[Math.min(rates.length, Math.max(3, count)) - 1] || 0);
  const opacity = Math.max(0.22, Math.min(0.9, 12 / count));
  for (const wire of [...mesh.wires].sort((a, b) => a.suspected - b.suspected)) {
    const [from, to] = wire.ends.map((name) => places.get(name));
    const share = Math.log1p(wire.rate || 0) / Math.log1p(top);
    const busy = wire.up && wire.rate > busiest;
    const kind = !wire.up ? "absent" : wire.suspected ? "suspected" : busy ? "busy" : "";
    const line = draw("line", {
      x1: from.x.toFixed(1), y1: from.y.toFixed(1), x2: to.x.toFixed(1), y2: to.y.toFixed(1),
      "stroke-width": (count > 30 ? 0.8 : many ? 1.3 : 2) + (busy ? 1.8 * share : 0),
      "stroke-opacity": busy ? Math.max(opacity, 0.6) : opacity,
    }, "wire " + kind + (wire.ends.includes(chosen) ? " near" : ""));
    picture.append(line);
  }
  const near = new Set(mesh.wires.filter((wire) => wire.ends.includes(chosen)).flatMap((wire) => wire.ends));
  for (const node of mesh.nodes) {
    const place = places.get(node.name);
    const kinds = ["node", !node.up ? "absent" : node.suspected ? "suspected" : node.told ? "" : "mute",
      node.name === mesh.self ? "self" : "", node.name === chosen ? "chosen" : "", near.has(node.name) ? "near" : ""];
    const group = draw("g", { tabindex: 0, role: "button", "aria-label": node.name + ", " + stateOf(node)[1] }, kinds.join(" "));
    const size = count > 30 ? 6 : many ? 8 : 11;
    group.append(draw("circle", { cx: place.x.toFixed(1), cy: place.y.toFixed(1), r: size }));
    const right = Math.cos(place.angle) >= -0.01;
    const text = many
      ? draw("text", {
        "text-anchor": right ? "start" : "end",
        transform: "translate(" + place.x.toFixed(1) + " " + place.y.toFixed(1) + ") rotate(" + (place.angle * 180 / Math.PI + (right ? 0 : 180)).toFixed(1) + ") translate(" + (right ? size + 6 : -size - 6) + " 0)",
      })
      : draw("text", {
        x: (place.x + Math.cos(place.angle) * (size + 8)).toFixed(1),
        y: (place.y + Math.sin(place.angle) * (size + 14)).toFixed(1),
        "text-anchor": Math.abs(Math.cos(place.angle)) < 0.2 ? "middle" : right ? "start" : "end",
      });
    text.textContent = short(label(node));
    group.append(text);
    const title = draw("title", {});
    title.textContent = node.name;
    group.append(title);
    group.addEventListener("click", () => choose(node.name));
    group.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(node.name); }
    });
    picture.append(group);
  }
}

function table() {
  const rows = mesh.nodes.map((node) => {
    const row = make("tr", undefined, node.name === chosen ? "chosen" : "");
    row.dataset.node = node.name;
    const first = make("td");
    const button = make("button", node.name, "name");
    button.type = "button";
    first.append(button);
    const state = make("td");
    const [kind, text] = stateOf(node);
    state.append(make("span", node.up && !node.told ? text + ", tells nothing" : text, "state " + kind));
    const soon = node.days !== null && node.days < 8;
    const certificate = make("td", undefined, "number");
    certificate.append(make("span", days(node.days), soon ? "state " + (node.days < 2 ? "bad" : "soon") : ""));
    row.append(first, state,
      make("td", mesh.wires.filter((wire) => wire.up && wire.ends.includes(node.name)).length, "number"),
      make("td", rate(node.in), "number"), make("td", rate(node.out), "number"),
      make("td", node.told ? bytes(node.queued) : "–", "number"),
      make("td", node.mailboxes === null ? "–" : node.mailboxes, "number"), certificate);
    row.addEventListener("click", () => choose(node.name));
    return row;
  });
  byId("table").tBodies[0].replaceChildren(...rows);
}

function detail() {
  const node = mesh.nodes.find((one) => one.name === chosen);
  byId("links").hidden = !node || node.links.length === 0;
  byId("chosen").textContent = node ? node.name : "Choose a node";
  byId("chosen-about").textContent = !node ? "in the graph or in the table, to see its connections."
    : node.told ? "as it tells itself" : node.up ? "as others see it" : "known by name only";
  const links = node ? node.links : [];
  const rows = links.slice().sort((a, b) => byName(a.peer, b.peer)).map((link) => {
    const row = make("tr");
    const peer = make("td");
    peer.append(...breakable(link.peer));
    peer.append(make("small", (link.dialled ? "dialled" : "accepted") + " " + ago(link.up) + " ago"));
    const protection = make("td", link.protocol);
    protection.append(make("small", link.cipher.replaceAll("_", " ").replace(/^TLS /, "")));
    const phi = make("td", undefined, "number");
    phi.append(make("span", link.phi === null ? "–" : (link.phi / 100).toFixed(1), link.suspected ? "state soon" : ""));
    row.append(peer, protection, make("td", link.proof), make("td", rate(link.inRate), "number"),
      make("td", rate(link.outRate), "number"),
      make("td", link.silence === null ? "–" : seconds(link.silence), "number"), phi);
    return row;
  });
  byId("links").tBodies[0].replaceChildren(...rows);
  byId("absences").replaceChildren(...(node ? node.absent : []).map((absent) => make("li", absent.reason)));
}

function ago(count) {
  if (count < 120) return count + " s";
  if (count < 7200) return Math.floor(count / 60) + " min";
  return count < 172800 ? Math.floor(count / 3600) + " h" : Math.floor(count / 86400) + " days";
}

function choose(name) {
  chosen = chosen === name ? null : name;
  show();
}

async function look() {
  try {
    const answer = await fetch("mesh.json", { cache: "no-store" });
    if (!answer.ok) throw new Error("status " + answer.status);
    const told = await answer.json();
    mesh = understand(told, Date.now());
    if (!asked) {
      chosen = location.hash.length > 1 ? decodeURIComponent(location.hash.slice(1)) : told.self;
      asked = true;
    }
    show();
  } catch (error) {
    status("bad", "The page's own node does not answer");
  }
  setTimeout(look, EVERY);
}

look();

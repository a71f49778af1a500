'use strict';
// ussd-menu-builder behind Node's own http server, with its session in Redis: the peer of `python -m bench turns`.
// A menu keeps the request it works on in itself, so that a shared one mixes callers up: each request has its own.
// The session is read once and written once a turn, which is the least that its four methods allow.
// Environment: PORT, REDIS_SOCKET (a path) or REDIS_URL, OFFICES (JSON: PIN code → [[name, kind, delivery, district]]).

const fs = require('fs');
const http = require('http');
const path = require('path');
const { createRequire } = require('module');

const installed = createRequire(path.join(process.cwd(), 'package.json'));
const { createClient } = installed('@redis/client');
const UssdMenu = installed('ussd-menu-builder');

const LIFE = { EX: 180 };
const offices = JSON.parse(fs.readFileSync(process.env.OFFICES, 'utf8'));
const redis = createClient(
  process.env.REDIS_SOCKET ? { socket: { path: process.env.REDIS_SOCKET } } : { url: process.env.REDIS_URL },
);

function sessionIn(menu) {
  let key = '';
  let fields = {};
  menu.sessionConfig({
    start: async (id) => {
      key = 'ussd:' + id;
      const stored = await redis.get(key);
      if (stored !== null) fields = JSON.parse(stored);
    },
    get: async (id, name) => fields[name],
    set: async (id, name, value) => {
      fields[name] = value;
      await redis.set(key, JSON.stringify(fields), LIFE);
    },
    end: () => redis.del(key),
  });
}

function menuForOneRequest() {
  const menu = new UssdMenu();
  sessionIn(menu);
  menu.on('error', (error) => { throw error; });

  menu.startState({
    next: { '*^[12]$': 'home' },
    run: async () => {
      await menu.session.set('language', '');
      menu.con('1. हिन्दी\n2. English');
    },
  });
  menu.state('home', {
    next: { '*^[1-9]$': 'pin' },
    run: async () => {
      await menu.session.set('language', menu.val);
      menu.con('Ghanti\n1. Bills\n2. Post offices by PIN code\n3. Cooking gas\n4. Common service centre\n5. Search');
    },
  });
  menu.state('pin', {
    next: { '*^[1-9][0-9]{5}$': 'offices' },
    run: async () => {
      await menu.session.set('service', menu.val);
      menu.con('Enter your 6-digit PIN code.\n0. Back\n00. Home');
    },
  });
  menu.state('offices', {
    next: { '*^[1-9]$': 'details' },
    run: async () => {
      const pin = menu.val;
      await menu.session.set('pin', pin);
      const lines = (offices[pin] || []).slice(0, 9).map((office, at) => `${at + 1}. ${office[0]}`);
      menu.con(`Post offices for ${pin}:\n${lines.join('\n')}\n0. Back\n00. Home`);
    },
  });
  menu.state('details', {
    run: async () => {
      const pin = await menu.session.get('pin');
      const [name, kind, delivery, district] = offices[pin][Number(menu.val) - 1];
      menu.end(`${name}, ${kind}. Delivers: ${delivery}. District ${district}.`);
    },
  });
  return menu;
}

const server = http.createServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, { 'Content-Length': 2 });
    response.end('ok');
    return;
  }
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (piece) => { body += piece; });
  request.on('end', () => {
    const form = new URLSearchParams(body);
    const args = {
      sessionId: form.get('sessionId'),
      serviceCode: form.get('serviceCode'),
      phoneNumber: form.get('phoneNumber'),
      text: form.get('text'),
    };
    menuForOneRequest().run(args, (screen) => {
      response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': Buffer.byteLength(screen) });
      response.end(screen);
    });
  });
});
server.keepAliveTimeout = 120000;

redis.connect().then(() => server.listen(Number(process.env.PORT), '127.0.0.1'));

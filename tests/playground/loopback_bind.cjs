// Loaded before the Playground, which would listen on every interface: it listens on loopback alone, and ends with
// whoever holds the other end of its standard input.
"use strict";

const net = require("node:net");

const HOST = "127.0.0.1";
const listen = net.Server.prototype.listen;

net.Server.prototype.listen = function (...given) {
  const [first, ...others] = given;
  if (typeof first === "number" || (typeof first === "string" && /^\d+$/.test(first))) {
    const callback = others.find((each) => typeof each === "function");
    return listen.call(this, { port: Number(first), host: HOST }, callback);
  }
  if (first !== null && typeof first === "object" && "port" in first) {
    return listen.call(this, { ...first, host: HOST }, ...others);
  }
  throw new Error("the Playground wants to listen in a way that cannot be kept on loopback");
};

process.stdin.on("end", () => process.exit(0));
process.stdin.resume();

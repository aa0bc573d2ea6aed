"""Runs Python from stdin against a server: runner.py COMMAND ARGS…; every tool of the server is a function."""

import json
import subprocess
import sys
import time

server = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
asked = 0


def request(method, params):
    global asked
    asked += 1
    message = {"jsonrpc": "2.0", "id": asked, "method": method, "params": params}
    server.stdin.write(json.dumps(message) + "\n")
    server.stdin.flush()
    for line in server.stdout:
        answer = json.loads(line)
        if answer.get("id") == asked:
            return answer["result"]
    raise EOFError("the server is gone")


def tool(name):
    def call(**arguments):
        result = request("tools/call", {"name": name, "arguments": arguments})
        return json.loads(result["content"][0]["text"]) if result.get("isError") else result["structuredContent"]

    return call


client = {"name": "page", "version": "1"}
request("initialize", {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client})
names = [one["name"] for one in request("tools/list", {})["tools"]]
# A monitor asks every two seconds; the simulated phone is faster than that.
rest = time.sleep
time.sleep = lambda seconds: rest(seconds / 50)

for block in json.load(sys.stdin):
    print(f"=== {block['title']}")
    exec(compile(block["code"], block["title"], "exec"), {"__name__": "__main__", **{name: tool(name) for name in names}})
server.stdin.close()
sys.exit(server.wait())

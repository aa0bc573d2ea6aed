"""The fastmcp client: `python_fastmcp.py TASK.json`."""

import asyncio

from fastmcp import Client
from fastmcp.client.transports import StdioTransport
from fastmcp.exceptions import ToolError
from mcp_types import PromptReference
from python_checks import check, expect, task, validate_definition, validate_error, validate_result


def server(command):
    return Client(StdioTransport(command=command[0], args=command[1:], keep_alive=False))


async def check_offer(client, given):
    definitions = {}
    async with check("lists the tools"):
        for tool in await client.list_tools():
            validate_definition(tool.name, tool.input_schema, tool.output_schema)
            definitions[tool.name] = tool
        expect(set(definitions) == {name for name, _ in given["calls"]}, sorted(definitions))
    async with check("lists prompts, and gets one"):
        expect([prompt.name for prompt in await client.list_prompts()] == given["prompts"])
        prompt = await client.get_prompt("find_message", {"what": "birthday", "chat": given["chat"]})
        expect(given["chat"] in prompt.messages[0].content.text, prompt)
    async with check("reads every resource that is listed, and one of a template"):
        listed = [resource.uri for resource in await client.list_resources()]
        expect(len(await client.list_resource_templates()) > 3)
        for uri in [*listed, f"whatsapp://chats/{given['chat']}/messages?limit=3"]:
            [content] = await client.read_resource(uri)
            expect(len(content.text) > 100, uri)
    async with check("completes a chat"):
        argument = {"name": "chat", "value": given["chat"][:-3]}
        answer = await client.complete(PromptReference(name="summarize_chat"), argument)
        expect(answer.values == [given["chat"]], answer)
    return definitions


async def check_tools(client, given, definitions):
    async with check("is told what is wrong with a call"):
        try:
            await client.call_tool("get_chat", {"chat_jid": "nobody at all"})
            expect(False, "the call succeeded")
        except ToolError as error:
            expect(validate_error(str(error))["error_code"] == "not_found")
    for name, arguments in given["calls"]:
        async with check(name):
            result = await client.call_tool(name, arguments)
            validate_result(result.structured_content, definitions[name].output_schema)


async def check_waiting(given):
    async with server(given["endless"]) as client:
        async with check("hears of the progress of a call, and stops it"):
            heard = asyncio.Event()

            async def progress(done, total, message):
                expect(message, done, total)
                heard.set()

            arguments = {"timeout": 300}
            call = client.call_tool("retrieve_full_history", arguments, progress_handler=progress)
            running = asyncio.create_task(call)
            await asyncio.wait_for(heard.wait(), 60)
            running.cancel()
            await asyncio.wait([running])
            expect((await client.call_tool("get_message_statistics", {})).structured_content["success"])


async def main():
    given = task()
    async with server(given["synced"]) as client:
        definitions = await check_offer(client, given)
        await check_tools(client, given, definitions)
    await check_waiting(given)


asyncio.run(main())

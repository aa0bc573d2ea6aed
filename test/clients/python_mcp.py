"""The official Python client: `python_mcp.py TASK.json`."""

import anyio
from mcp import Client, ClientSession, MCPError, StdioServerParameters, stdio_client
from mcp_types import PromptReference, ResourceTemplateReference
from python_checks import check, expect, task, validate_definition, validate_error, validate_result


def server(command):
    return stdio_client(StdioServerParameters(command=command[0], args=command[1:]))


async def check_lists(client, given):
    definitions = {}
    async with check("lists the tools"):
        for tool in (await client.list_tools()).tools:
            validate_definition(tool.name, tool.input_schema, tool.output_schema)
            definitions[tool.name] = tool
        expect(set(definitions) == {name for name, _ in given["calls"]}, sorted(definitions))
    async with check("lists prompts, resources and templates"):
        prompts = (await client.list_prompts()).prompts
        expect([prompt.name for prompt in prompts] == given["prompts"], prompts)
        expect(len((await client.list_resources()).resources) > 3)
        expect(len((await client.list_resource_templates()).resource_templates) > 3)
    return definitions


async def check_reading(client, given):
    async with check("reads every resource that is listed"):
        for resource in (await client.list_resources()).resources:
            [content] = (await client.read_resource(resource.uri)).contents
            expect(content.mime_type == resource.mime_type and len(content.text) > 100, resource.uri)
    async with check("is told that a resource does not exist"):
        try:
            await client.read_resource("whatsapp://nothing")
            expect(False, "it could be read")
        except MCPError as error:
            expect(error.code == -32002 and error.error.data["uri"] == "whatsapp://nothing", error)
    async with check("gets a prompt"):
        prompt = await client.get_prompt("summarize_chat", {"chat": given["chat"]})
        expect(given["chat"] in prompt.messages[0].content.text, prompt)
    async with check("completes a chat in a prompt and in a template"):
        argument = {"name": "chat", "value": given["chat"][:-3]}
        answer = await client.complete(PromptReference(name="summarize_chat"), argument)
        expect(answer.completion.values == [given["chat"]] and answer.completion.total == 1, answer)
        reference = ResourceTemplateReference(uri="whatsapp://chats/{chat_jid}")
        answer = await client.complete(reference, {"name": "chat_jid", "value": ""})
        expect(answer.completion.total > 60 and not answer.completion.has_more, answer)


async def check_tools(client, given, definitions):
    async with check("is told what is wrong with a call"):
        result = await client.call_tool("list_chats", {"limit": 0})
        expect(result.is_error and result.structured_content is None, result)
        expect(validate_error(result.content[0].text)["error_code"] == "invalid_input")
        result = await client.call_tool("no_such_tool", {})
        expect(result.is_error and validate_error(result.content[0].text)["error_code"] == "not_found")
    for name, arguments in given["calls"]:
        async with check(name):
            result = await client.call_tool(name, arguments)
            expect(not result.is_error, result.content)
            validate_result(result.structured_content, definitions[name].output_schema)
            expect(result.content[0].text, "no text")


async def check_waiting(given):
    async with server(given["endless"]) as (read, write), ClientSession(read, write) as session:
        async with check("begins a session by initialize"):
            expect((await session.initialize()).server_info.name == "whatsapp-hybrid-mcp")
        async with check("hears of the progress of a call, and stops it"):
            heard = anyio.Event()

            async def progress(done, total, message):
                expect(message, done, total)
                heard.set()

            async with anyio.create_task_group() as group:
                arguments = {"timeout": 300}
                group.start_soon(session.call_tool, "retrieve_full_history", arguments, None, progress)
                with anyio.fail_after(60):
                    await heard.wait()
                group.cancel_scope.cancel()
            result = await session.call_tool("get_message_statistics", {})
            expect(not result.is_error, result)


async def main():
    given = task()
    async with Client(server(given["synced"])) as client:
        definitions = await check_lists(client, given)
        await check_reading(client, given)
        await check_tools(client, given, definitions)
    await check_waiting(given)


anyio.run(main)

"""placeholder"""
from bempeg_kg.web import http
def build_pages(kg, config, pool):
    async def app(scope, receive, send):
        await http.respond(send, 404, [], b"not found\n")
    return app

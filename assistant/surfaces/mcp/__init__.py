"""The MCP server: other people's assistants read here what ours knows, over stdio or HTTP.

``tools`` has what can be called, ``serving`` speaks the protocol, ``command`` and ``mounting`` are the
two ways in. Only read, never write: no tool changes anything.
"""

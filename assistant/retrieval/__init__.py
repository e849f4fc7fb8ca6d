"""Finding passages: embedding, a dense index, a keyword index, and their fusion.

Read in this order: ``embedding`` → ``vectors`` → ``vector_index`` and
``keyword_index`` → ``fusion`` → ``retriever``.
"""

"""Finding passages: embedding, a dense index, a keyword index, their fusion, and reranking.

Read in this order: ``embedding`` → ``vectors`` → ``vector_index`` and
``keyword_index`` → ``fusion`` → ``reranking`` → ``retriever``.
"""

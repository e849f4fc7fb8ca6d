"""From files to a published index: read, clean, chunk, embed, publish; and open it again."""

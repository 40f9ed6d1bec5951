"""The truth in a file that outlives the server: SQLite, behind the same interface as the store in memory.

============  =======================================================================================
file          what it knows
============  =======================================================================================
``store.py``  a session's store: in memory as any other, and each answer's changes in the file
``file.py``   the file: whose it is, its transactions, one of them for each answer
``rows.py``   what is remembered, as text and back
``words.py``  what is wrong with a file, in words
============  =======================================================================================
"""

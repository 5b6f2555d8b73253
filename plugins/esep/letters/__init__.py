"""Letters of the procedure (paras 5-10): receipt, reasoned refusal, request, notice, reminder, and what goes with them.

facts and issuer → content (Kazakh and Russian) of blocks (office_blocks, fault_blocks), which documents.paper and
documents.word print; remarks → findings_book, annotate; placing puts them into the outbox. `outbox` writes one letter,
or all receipts, refusals and requests that are not written.
"""

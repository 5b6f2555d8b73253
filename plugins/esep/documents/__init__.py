"""One model of documents (`model`: what is said), and a renderer for each form in which it is given: `html`, `paper`
(typst to PDF), `word` (.docx), `book` (.xlsx), `terminal`. How they look is in the renderers and in `looks/`."""

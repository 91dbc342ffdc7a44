"""Plain things that know no app: blocks, PDF, tables in and out, texts in several languages."""

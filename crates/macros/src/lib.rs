//! derive(Traverse) and the attributes that define builtin types and native modules.

//! A reference-counted heap with a generational cycle collector, weak references, finalizers, limits and a census.

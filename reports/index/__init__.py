"""The joint index: what marketing and sales are measured by together, component by component, against what both heads expect. Capability 19."""

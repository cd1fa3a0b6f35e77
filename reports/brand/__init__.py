"""What is measured of the brand: waves of surveys with their shares and intervals, the share of search, forms and files. Capability 20."""

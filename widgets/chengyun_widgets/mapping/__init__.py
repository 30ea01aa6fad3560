"""A map that knows no domain: layers, labels, clusters, pictures of density, drawing."""

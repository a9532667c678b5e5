"""The gate of a cluster: answers to AdmissionReviews about resources that name adapters."""

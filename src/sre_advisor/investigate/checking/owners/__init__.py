"""What a claim says of a service, a commit or an alert, held against what the evidence says of it and of others."""

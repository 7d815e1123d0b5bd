"""`make bench`: what this provider makes a user wait for and Adobe count, beside what else there is."""

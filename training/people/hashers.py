"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """Argon2id at the cost OWASP recommends: 19 MiB, two passes, one thread.

    Django's own cost takes 100 MiB for each sign-in, which a hall of candidates that signs in at once has not got.
    """

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1

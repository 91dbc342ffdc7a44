"""What this app keeps about a person: only who published what."""

ACTS = (
    "matters.MatterVersion.published_by",
    "matters.PolicyVersion.published_by",
    "matters.BundleVersion.published_by",
)

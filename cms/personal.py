"""What this app keeps about a person: the texts of policies somebody is taking in, which are the centre's."""

ACTS = ("cms.PolicyImport.by",)

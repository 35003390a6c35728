"""The subjects of this domain."""

from revenge.contracts._kinds import Domain

domain = Domain("library")

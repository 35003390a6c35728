"""The one base of what can go wrong in starting the suite, each with a message for its operator.

EmbeddedError
  + NoAccount, NoPassage      root cannot become an unprivileged user, or that one cannot pass
  + InitdbFailed, JoinFailed  a server's folder or program cannot be made
  + DataUnusable, DataInUse   the data folder is out of reach, or another start holds it
  + NoSpace                   the disk is full
  + PortTaken                 someone listens there already
  + AddressUnusable           nobody may listen there, or there is no such address
  + StartFailed               a process did not become ready
  + RenderFailed, NoFont      a video cannot be made
"""


class EmbeddedError(Exception):
    """Its message says what is wrong and, where there is one, what to do about it."""

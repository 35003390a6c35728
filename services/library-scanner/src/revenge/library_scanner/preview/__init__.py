"""What would be made of a folder, without making it: nothing but the folder is touched."""

from revenge.library_scanner.preview.looking import Extra, Preview, Title, look
from revenge.library_scanner.preview.remains import Remark

__all__ = ["Extra", "Preview", "Remark", "Title", "look"]

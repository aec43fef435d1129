"""The two sides of a card as they are shown, whatever its kind."""

from typing import Final

import reflex as rx

from studymaster.ui.written import PACKAGES as WRITTEN

SOURCE: Final = rx.asset("face.jsx", shared=True)
PACKAGES: Final = WRITTEN
"""What `face.jsx` needs; a component whose file imports it needs them too."""

"""The words around the table of `products.py`."""

from __future__ import annotations

HEAD = """# Changed products against changed light

<!-- Made by the command below; not edited by hand. -->

    .venv/bin/python -m benchmarks.drift.products --out docs/benchmarks/products.md

Invented products, rendered (`benchmarks/drift/pairs`), each with one thing wrong (part smaller or missing, taller, wider, label moved or
turned, one letter changed, colour ΔE00 4, 7, 10) or with only light, camera, lens or room changed. Each picture is compared with its
product's base. "Caught" and "alarmed" count a drift above 1. *Mask of the reference* knows where the product is in its reference picture;
*cut-out reference* has the product on white, without its ground, as most kits keep it. *Each left out* sets the limits anew, by rule, on
the kept pictures of all other tuning products before it reads one. The interval draws whole products anew.

"""

TAIL = """
## How far to believe it

- **Tuning products** set the limits and every choice of method, so their figures flatter: {tuning}.
  *Each left out* takes the limits out of that, not the method.
- **Reporting products** had no part in either and are the better guess for a product of a new kind: {reporting}. They were
  rendered and put aside, and only the sums above have been looked at. The last two columns
  say how many changed pictures are caught, and how many alarm of which only light, camera or room changed. With so few products each
  figure is only as sure as its interval.
- The tube is flat at its end, shoe and bag are no turned shapes, the radio is a box with a dial in front, the lamp a thin stem under a wide
  shade. Six of the tuning products
  (pouch, boot, can, flask, viewer, sack) were rendered after the limits of the other nine were set, to be as unlike them as these are.
- A camera's depth: what stands nearer or farther than the rest may move up or down by half a percent of the height before it counts. A can
  with a spout and an arched handle moves by more when the camera rises by 3°, and alarms.
- A part that is gone is seen by the open stretch that it leaves in the outline, if the product would stand out from its ground there; a
  dark product in a dark room reads so, too.
- A part's size is read apart from its place: a camera moves a part or foreshortens it in one direction, but makes it no smaller. A part
  that one direction explains as well, as a long spout seen from the side, reads 0.
- Without a mask the product is what a wall of edges shuts off from the frame, so that one in the hue of its own shadow is found, too; the
  dark that touches its foot is now and then taken for it.
- A part has the edge that its ground gives it, none where both are pale. So before a picture with another ground the reference is redrawn
  in its light and on its ground, and held against it as it would look there; a white product cut out on white is found so, too.
- Known and left: a thin ring or a nozzle 5 % smaller is less than a pixel and not seen; the dark at a product's foot counts to its height
  where the reference is a cut-out, which has none, and makes it 1 % narrower for its height, 3 % under a higher camera; a blue carton on
  a blue ground reads as another outline; two colours that light each other read as another paint; letters eight pixels tall (bottle,
  flask) are too small to tell O from E.
- All products come from the same scene script, so light, cameras and faults are of the same kinds; only the products are new. The pictures
  are clean renders: no hands, occlusion or crops.
"""

from brandkit.brand.load import load_brand as load_brand
from brandkit.brand.resolve import Brand as Brand
from brandkit.campaign import open_plan as open_plan
from brandkit.campaign.run import run_plan as run_plan
from brandkit.check.calibrate import calibrate as calibrate
from brandkit.check.run import check_files as check_files
from brandkit.check.run import check_picture as check_picture
from brandkit.errors import BrandFileError as BrandFileError
from brandkit.errors import BrandkitError as BrandkitError
from brandkit.errors import InputError as InputError
from brandkit.errors import PictureError as PictureError
from brandkit.errors import UnfinishedError as UnfinishedError
from brandkit.image.load import Picture as Picture
from brandkit.image.load import load_picture as load_picture
from brandkit.report import render as render
from brandkit.results import AssetResult as AssetResult
from brandkit.results import RunResult as RunResult
from brandkit.results import Verdict as Verdict

__version__: str

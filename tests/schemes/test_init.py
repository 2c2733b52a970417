import types

import schemes


def test_the_package_exports_what_it_says_and_no_more():
    shown = {
        name
        for name, value in vars(schemes).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
    }

    assert set(schemes.__all__) == shown

"""The site: the core in a browser, for offices.

Apps stand in layers (decision 11): ``config > commands > today > square > pairs > registers > office > places
> accounts > audit > bridge | language``. Only `jiedui_web.bridge` imports `jiedui`.
"""

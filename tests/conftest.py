pytest_plugins = ["tests.services.cable", "tests.services.postgres", "tests.services.server"]

"""What the tests need beside Python packages: a browser, PostgreSQL, Node, and a server to talk to."""

"""Owners of paths."""

from sre_advisor.setup.owners import nearest_owners, owners_of, read_codeowners, read_owners_file


def test_the_last_line_of_codeowners_that_covers_a_path_names_its_owners() -> None:
    rules = read_codeowners(
        "# who\n*  @acme/all\n/services/cart/ @acme/cart @ada # the basket\ndocs/ @acme/docs\n[Section]\n"
        "/services/*/db @acme/dba\n"
    )
    assert owners_of("services/cart", rules) == ("@acme/cart", "@ada")
    assert owners_of("services/cart/docs/x.md", rules) == ("@acme/docs",)
    assert owners_of("services/pay/db", rules) == ("@acme/dba",)
    assert owners_of("services/cartoons", rules) == ("@acme/all",)


def test_the_nearest_owners_file_counts() -> None:
    files = {
        "": read_owners_file("ada\n"),
        "services/cart": read_owners_file("approvers:\n  - grace\n  - alan # lead\n"),
    }
    assert nearest_owners("services/cart/db", files) == ("grace", "alan")
    assert nearest_owners("services/pay", files) == ("ada",)

"""A diff told in a line: the setting that changed, not what was merely moved."""

from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.advisors.offline.diffs import key_lines

DIFF = """diff --git a/conf/app.yaml b/conf/app.yaml
--- a/conf/app.yaml
+++ b/conf/app.yaml
@@ -1,6 +1,7 @@
+log:
+  level: info
 database:
-  pool_size: 20
+  pool_size: 4
-log:
-  level: info
+  name: shop
diff --git a/app/main.py b/app/main.py
--- a/app/main.py
+++ b/app/main.py
@@ -1 +1 @@
-    retry(3)
"""


def test_a_setting_with_another_value_comes_first_and_moved_lines_are_left_out() -> None:
    found = key_lines(DIFF)
    assert found[0].file == "conf/app.yaml"
    assert found[0].words == "`pool_size: 20` became `pool_size: 4`"
    assert {line.words for line in found[1:]} == {"added `name: shop`", "removed `retry(3)`"}


@given(st.text(max_size=400))
def test_any_text_is_read_without_a_failure(diff: str) -> None:
    for line in key_lines(diff):
        assert line.before or line.after

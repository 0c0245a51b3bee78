"""git's subcommands and options.

Source: https://git-scm.com/docs (2.49).
"""

from __future__ import annotations

from sre_advisor.commands.cli import rows
from sre_advisor.commands.effect import changes
from sre_advisor.commands.tables import names

TREE, REMOTE, LOCAL = "the working tree", "a shared repository", "local configuration"
TABLE = rows(
    reading="""log, show, diff, status, blame, annotate, shortlog, describe, rev-parse, rev-list, ls-files, ls-tree,
    ls-remote, cat-file, name-rev, merge-base, cherry, count-objects, diff-tree, diff-files, diff-index,
    for-each-ref, show-ref, show-branch, grep, var, verify-commit, verify-tag, version, help, whatchanged,
    range-diff, check-ignore, check-attr, check-ref-format, fsck, get-tar-commit-id, patch-id, verify-pack,
    merge-tree, check-mailmap, column, stripspace, reflog, reflog show, reflog list, reflog exists, stash
    list, stash show, worktree list, remote show, remote get-url, submodule status, submodule summary, notes
    list, notes show, bisect log, lfs ls-files, lfs status, lfs env, config get, config list, sparse-checkout
    list, bundle verify, bundle list-heads, branch, tag, remote, stash, config, archive, format-patch,
    symbolic-ref, notes, submodule, bisect, request-pull""",
    secrets="credential fill, credential-store get, credential-cache get, credential",
    changing={
        "push, send-pack": changes("publishes commits or removes branches", REMOTE, None),
        "commit, merge, cherry-pick, revert, am, commit-tree": changes("adds commits", "the local repository", True),
        "rebase, filter-branch, filter-repo, replace": changes("rewrites commits", "the local repository", None),
        "checkout, restore, rm, read-tree, checkout-index": changes(
            "changes files or the index; what was not committed may be lost", TREE, None
        ),
        "apply, update-index": changes("changes files or the index", TREE, None),
        "add, stage, mv": changes("changes what the next commit holds", TREE, True),
        "switch": changes("changes the branch that is worked on", TREE, True),
        "reset": changes("moves the branch; the reflog keeps where it was", "the local repository", True),
        "clean": changes("deletes files that are not under version control", TREE, False),
        """pull, fetch, clone, init, submodule update, submodule init, submodule add, submodule sync, submodule
    deinit, submodule foreach, submodule set-branch, submodule set-url, submodule absorbgitdirs, remote
    update, remote prune, lfs pull, lfs fetch, lfs install, lfs track, lfs push, lfs prune""": changes(
            "changes the local repository", "the local repository", True
        ),
        """gc, prune, repack, reflog drop, reflog write, pack-refs, pack-objects, maintenance, update-ref, reflog
    expire, reflog delete, worktree add, worktree remove, worktree prune, worktree move, worktree lock,
    worktree unlock, worktree repair, notes add, notes edit, notes append, notes copy, notes remove, notes
    merge, notes prune, hash-object, mktag, mktree, write-tree, update-server-info, unpack-objects,
    index-pack, fast-import, rerere, sparse-checkout, bundle create, bundle unbundle, prune-packed,
    commit-graph, multi-pack-index, stash push, stash save, stash create, stash store, stash apply, bisect
    start, bisect good, bisect bad, bisect new, bisect old, bisect skip, bisect reset, bisect run, bisect
    replay, bisect terms, notes get-ref, fast-export""": changes(
            "changes the local repository", "the local repository", None
        ),
        "stash pop, stash drop, stash clear": changes("takes away stashed work", TREE, False),
        "stash branch": changes("makes a branch of stashed work", TREE, True),
        """remote add, remote rename, remote remove, remote rm, remote set-url, remote set-head, remote
    set-branches, config set, config unset, config edit, config rename-section, config remove-section""": changes(
            "writes the repository's configuration", LOCAL, True
        ),
        """credential approve, credential reject, credential-store store, credential-store erase""": changes(
            "changes stored credentials", LOCAL
        ),
        """send-email, imap-send, svn, p4, daemon, instaweb, http-push, citool, gui, gitk, difftool, mergetool,
    web--browse, quiltimport, cvsimport""": changes(
            "starts other programs or sends something", "whatever those do", None
        ),
    },
)
BEFORE_TAKES = names(
    """-C -c --git-dir --work-tree --namespace --exec-path --super-prefix --config-env --attr-source --list-cmds"""
)
BEFORE = BEFORE_TAKES | names("""--no-pager -P -p --paginate --no-optional-locks --literal-pathspecs --glob-pathspecs --icase-pathspecs
    --no-replace-objects --bare --no-lazy-fetch --no-advice""")
SAFE_CONFIG = names("""color.ui color.diff core.quotepath core.quotePath core.abbrev log.date log.showsignature
    http.lowspeedlimit diff.renamelimit diff.renameLimit safe.directory advice.detachedhead column.ui
    grep.linenumber log.decorate core.longpaths user.name user.email""")
RUNS = {
    "--output": changes("writes a file", "one file"),
    "--ext-diff": changes("runs an external diff program", "whatever that program does"),
    "--textconv": changes("runs a configured filter", "whatever that program does"),
    "--open-files-in-pager": changes("starts a program", "whatever that program does"),
    "-O": changes("may start a program", "whatever that program does"),
    "--upload-pack": changes("runs the named program", "whatever that program does"),
    "--exec": changes("runs the named program", "whatever that program does"),
    "--filters": changes("runs configured filters", "whatever those do"),
    "--web": changes("starts a browser", "one host"),
}
LISTING = {
    "branch": names("""-a --all -r --remotes -v -vv --verbose --list -l --contains --no-contains --merged --no-merged
    --show-current --sort --format --points-at --color --no-color --column --no-column -i --ignore-case
    --abbrev --no-abbrev -q"""),
    "tag": names("""-l --list -n --sort --contains --no-contains --merged --no-merged --points-at --format --column --color
    -i --ignore-case"""),
    "remote": names("-v --verbose"),
    "notes": [],
    "submodule": ["--quiet"],
}

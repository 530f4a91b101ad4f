"""The look of an answer: one small style sheet of ours, scoped to `.comet-answer`.

Colours are the notebook's own (JupyterLab's variables, then VS Code's), with fallbacks for plain pages. Nothing here
is needed to read an answer: a front end that strips styles shows it in its own.
"""

from __future__ import annotations

import re

__all__ = ["STYLE"]

_RULES = """
.comet-answer{
  --ck:var(--jp-mirror-editor-keyword-color,#0a7d2c);--cs:var(--jp-mirror-editor-string-color,#b3261e);
  --cc:var(--jp-mirror-editor-comment-color,#5f6b6b);--cm:var(--jp-mirror-editor-number-color,#0b6e0b);
  --co:var(--jp-mirror-editor-operator-color,#7a1fd1);--cb:var(--jp-mirror-editor-builtin-color,#3300aa);
  --cd:var(--jp-mirror-editor-def-color,#0000ff);--ca:var(--jp-mirror-editor-meta-color,#8a4b00);
  --cq:var(--jp-content-font-color2,var(--vscode-descriptionForeground,#595959));
  --cl:var(--jp-border-color2,rgba(127,127,127,.35));
  max-width:60em;overflow-wrap:break-word}
.vscode-dark .comet-answer,.vscode-high-contrast .comet-answer{
  --cq:var(--vscode-descriptionForeground,#a6a6a6);--ck:#6cc070;--cs:#e59a86;--cc:#9aa5a5;--cm:#a8d08d;--co:#c9a5f7;--cb:#9cc3ff;--cd:#7ab8ff;--ca:#d9b36c}
.comet-answer pre{white-space:pre!important;overflow-x:auto;margin:.5em 0 1em!important;
  padding:.6em .8em!important;border:1px solid var(--cl)!important;border-radius:3px;
  font-size:var(--jp-code-font-size,.93em)!important;
  background:var(--jp-layout-color0,var(--vscode-textCodeBlock-background,rgba(127,127,127,.08)))!important}
.comet-answer pre code{
  font-size:inherit!important;background:none!important;white-space:pre!important;padding:0!important}
.comet-answer pre .k,.comet-answer pre .kc{color:var(--ck)}
.comet-answer pre .s{color:var(--cs)}
.comet-answer pre .c{color:var(--cc)}
.comet-answer pre .m{color:var(--cm)}
.comet-answer pre .o,.comet-answer pre .ow{color:var(--co)}
.comet-answer pre .nb{color:var(--cb)}
.comet-answer pre .nf,.comet-answer pre .nc{color:var(--cd)}
.comet-answer pre .nd,.comet-answer pre .nt,.comet-answer pre .na{color:var(--ca)}
.comet-answer pre .gi{color:var(--ck)}
.comet-answer pre .gd{color:var(--cs)}
.comet-answer hr{height:0;border:0;border-top:1px solid var(--cl);background:none}
.comet-answer sup{line-height:0}
.comet-answer .comet-table{overflow-x:auto}
.comet-answer table{margin:0 0 1em!important;font-size:inherit!important}
.comet-answer th,.comet-answer td{text-align:left;padding:.3em .6em}
.comet-answer .task-list-item{list-style:none}
.comet-answer .task-list-item input{margin:0 .4em 0 -1.4em}
.comet-answer .comet-math{overflow-x:auto;margin-bottom:1em}
.comet-answer details{margin:0 0 1em;color:var(--cq)}
.comet-answer summary{cursor:pointer}
.comet-answer .comet-verdict{margin:0 0 1em}
.comet-answer .comet-verdict p{margin:.3em 0!important}
.comet-answer .comet-figures img{max-width:min(320px,100%);margin:.2em .4em .2em 0;
  border:1px solid var(--cl);border-radius:3px;background:#fff;vertical-align:top}
.comet-answer .comet-verdict details{margin:.2em 0;font-size:.92em}
.comet-answer .comet-note,.comet-answer .comet-stats,.comet-answer .comet-wait{color:var(--cq);margin:.3em 0!important}
"""

STYLE = re.sub(r"\s*\n\s*", "", _RULES)

"""How the picture of Slack looks."""

STYLE = """
body { font: 15px/1.47 Lato, "Helvetica Neue", Arial, sans-serif; color: #1d1c1d; margin: 0; background: #fff; }
main { max-width: 760px; margin: 0 auto; padding: 16px 24px; }
article { display: grid; grid-template-columns: 40px 1fr; gap: 0 10px; padding: 8px 0; }
article.reply { margin-left: 40px; }
article.aside { background: #f8f8f8; }
.face { width: 36px; height: 36px; border-radius: 4px; background: #4a154b; color: #fff; text-align: center; }
.face { line-height: 36px; font-weight: 700; }
.who { font-weight: 900; } .small, .context, footer { color: #616061; font-size: 12px; }
.block { margin: 4px 0; max-width: 600px; white-space: pre-wrap; overflow-wrap: anywhere; }
.markdown { white-space: normal; } .markdown p { margin: 4px 0; }
.section { display: flex; justify-content: space-between; gap: 16px; }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: 8px 16px; }
h3 { font-size: 18px; margin: 4px 0; } h2 { font-size: 18px; border-bottom: 1px solid #ddd; padding-bottom: 12px; }
blockquote { border-left: 4px solid #ddd; margin: 4px 0; padding-left: 12px; }
pre { background: #f8f8f8; border: 1px solid #ddd; border-radius: 4px; padding: 8px; margin: 4px 0; }
pre { white-space: pre-wrap; }
code { background: #f8f8f8; border: 1px solid #ddd; border-radius: 3px; padding: 0 3px; color: #c01343; }
pre code { border: 0; padding: 0; color: inherit; }
button { font: 700 13px Lato, Arial, sans-serif; border: 1px solid #bbb; border-radius: 4px; background: #fff; }
button { padding: 6px 12px; margin: 2px 8px 2px 0; }
button.primary { background: #007a5a; border-color: #007a5a; color: #fff; }
button.danger { border-color: #e01e5a; color: #e01e5a; }
.mention { background: #fff3c4; color: #1264a3; border-radius: 3px; padding: 0 2px; } a { color: #1264a3; }
.field { border: 1px solid #bbb; border-radius: 4px; padding: 8px; min-height: 20px; white-space: pre-wrap; }
.file { border: 1px solid #ddd; border-radius: 8px; padding: 10px; display: inline-block; }
.broken, .error { color: #e01e5a; } hr { border: 0; border-top: 1px solid #ddd; margin: 12px 0; }
ul, ol { margin: 4px 0; }
"""

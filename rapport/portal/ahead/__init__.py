"""What a change of a setting will send: the next weeks, played by the clock's own steps on a copy, with it and without.

`changes` says what a change is, `playing` plays, `telling` puts it into words; the pages lie in `views`.
"""

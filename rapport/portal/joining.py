"""What becomes of looks ahead when two records are put together."""

from rapport.core.joining import moves

TABLE = {"portal.foretold.person": moves("a letter foretold to the kept person; a look ahead is thrown away soon")}

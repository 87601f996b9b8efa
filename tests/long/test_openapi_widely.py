"""Whatever is sent, the answer is as documented: as the default run, with many more cases."""

import pytest

from tests.doors.served import JSON
from tests.doors.test_openapi import hold_to_the_document, house, published, so_many

__all__ = ["house"]
EXAMPLES = 100
PUBLISHED = published(EXAMPLES)


@PUBLISHED.parametrize()
@so_many(EXAMPLES)
@pytest.mark.parametrize("accept", [JSON, "text/html"])
def test_whatever_is_sent_the_answer_is_as_documented(case, house, accept):
    hold_to_the_document(case, house, accept)

"""退回: why one cannot go back to an earlier step, in a sentence.  Facts in, words out."""


def barred(kind: str, step: str, title: str) -> str:
    """The sentence for a barrier of a kind (`Barrier.kind`) after `step`; `title` is what the diagram calls it."""
    sentences = {
        "operation": f"“{step}”之后已执行“{title}”，该操作不可重复执行，不能退回到此环节。",
        "message": f"“{step}”之后已收发“{title}”的信息，不能收回，不能退回到此环节。",
        "event": f"“{step}”之后“{title}”已经发生，不能退回到此环节。",
        "branch": f"“{step}”与当前环节分属并行的两路，不能退回到此环节。",
        "loop": f"“{step}”或当前环节由多人逐一办理，不能退回到此环节。",
    }
    return sentences[kind]

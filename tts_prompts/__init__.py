"""What a voice says: the words of typed values in every language, each made of clips that can be recorded ahead."""

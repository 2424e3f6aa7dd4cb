weft validate gemini_rtl
